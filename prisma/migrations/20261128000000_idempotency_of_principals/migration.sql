-- DropIndex
DROP INDEX "test_cases_idempotency_key_key";

-- DropIndex
DROP INDEX "runs_idempotency_key_key";

-- AlterTable
ALTER TABLE "test_cases" ADD COLUMN "idempotency_principal" TEXT;
ALTER TABLE "test_cases" ADD COLUMN "idempotency_request" TEXT;

-- AlterTable
ALTER TABLE "runs" ADD COLUMN "idempotency_principal" TEXT;
ALTER TABLE "runs" ADD COLUMN "idempotency_request" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "test_cases_idempotency_principal_idempotency_key_key" ON "test_cases"("idempotency_principal", "idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "runs_idempotency_principal_idempotency_key_key" ON "runs"("idempotency_principal", "idempotency_key");
