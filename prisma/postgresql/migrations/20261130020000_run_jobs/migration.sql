-- CreateTable
CREATE TABLE "run_jobs" (
    "run_id" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "queued_at" TIMESTAMP(3) NOT NULL,
    "only_for" TEXT,
    "content" JSON NOT NULL,

    CONSTRAINT "run_jobs_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "queue_turns" (
    "principal" TEXT NOT NULL,
    "next_round" INTEGER NOT NULL,

    CONSTRAINT "queue_turns_pkey" PRIMARY KEY ("principal")
);

-- CreateIndex
CREATE INDEX "run_jobs_round_queued_at_run_id_idx" ON "run_jobs"("round", "queued_at", "run_id");

-- CreateIndex
CREATE INDEX "run_jobs_principal_idx" ON "run_jobs"("principal");

-- AddForeignKey
ALTER TABLE "run_jobs" ADD CONSTRAINT "run_jobs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
