-- AlterTable
ALTER TABLE "run_jobs" ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 5;
