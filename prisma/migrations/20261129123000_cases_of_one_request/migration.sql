-- DropIndex
DROP INDEX "test_cases_idempotency_principal_idempotency_key_key";

-- AlterTable
ALTER TABLE "test_cases" ADD COLUMN "idempotency_part" INTEGER NOT NULL DEFAULT 1;

-- CreateIndex
CREATE UNIQUE INDEX "test_cases_idempotency_principal_idempotency_key_idempotency_part_key" ON "test_cases"("idempotency_principal", "idempotency_key", "idempotency_part");
