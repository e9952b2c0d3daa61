-- CreateTable
CREATE TABLE "run_jobs" (
    "run_id" TEXT NOT NULL PRIMARY KEY,
    "principal" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "queued_at" DATETIME NOT NULL,
    "only_for" TEXT,
    "content" JSONB NOT NULL,
    CONSTRAINT "run_jobs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "queue_turns" (
    "principal" TEXT NOT NULL PRIMARY KEY,
    "next_round" INTEGER NOT NULL
);

-- CreateIndex
CREATE INDEX "run_jobs_round_queued_at_run_id_idx" ON "run_jobs"("round", "queued_at", "run_id");

-- CreateIndex
CREATE INDEX "run_jobs_principal_idx" ON "run_jobs"("principal");
