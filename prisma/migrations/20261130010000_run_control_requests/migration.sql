-- CreateTable
CREATE TABLE "run_control_requests" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "run_id" TEXT NOT NULL,
    "control" TEXT NOT NULL,
    "requested_at" DATETIME NOT NULL,
    "taken_at" DATETIME,
    "outcome" TEXT,
    CONSTRAINT "run_control_requests_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "run_control_requests_run_id_idx" ON "run_control_requests"("run_id");

-- CreateIndex
CREATE INDEX "run_control_requests_taken_at_idx" ON "run_control_requests"("taken_at");
