-- AlterTable
ALTER TABLE "runs" ADD COLUMN "principal" TEXT;

-- DropIndex
DROP INDEX "runs_test_step_id_idx";

-- CreateIndex
CREATE INDEX "runs_created_at_id_idx" ON "runs"("created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_case_id_created_at_id_idx" ON "runs"("test_case_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_step_id_created_at_id_idx" ON "runs"("test_step_id", "created_at", "id");
