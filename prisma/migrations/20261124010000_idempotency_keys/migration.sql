-- AlterTable
ALTER TABLE "runs" ADD COLUMN "idempotency_key" TEXT;

-- AlterTable
ALTER TABLE "test_cases" ADD COLUMN "idempotency_key" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "runs_idempotency_key_key" ON "runs"("idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "test_cases_idempotency_key_key" ON "test_cases"("idempotency_key");
