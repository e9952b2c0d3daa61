-- CreateEnum
CREATE TYPE "RunControl" AS ENUM ('cancel', 'pause', 'resume', 'step');

-- CreateTable
CREATE TABLE "run_control_requests" (
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "control" "RunControl" NOT NULL,
    "requested_at" TIMESTAMP(3) NOT NULL,
    "taken_at" TIMESTAMP(3),
    "outcome" TEXT,

    CONSTRAINT "run_control_requests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "run_control_requests_run_id_idx" ON "run_control_requests"("run_id");

-- CreateIndex
CREATE INDEX "run_control_requests_taken_at_idx" ON "run_control_requests"("taken_at");

-- AddForeignKey
ALTER TABLE "run_control_requests" ADD CONSTRAINT "run_control_requests_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
