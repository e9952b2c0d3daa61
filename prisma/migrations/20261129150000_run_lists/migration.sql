-- DropIndex
DROP INDEX "runs_status_created_at_idx";

-- DropIndex
DROP INDEX "runs_test_case_id_status_idx";

-- DropIndex
DROP INDEX "runs_flaky_idx";

-- CreateIndex
CREATE INDEX "runs_status_created_at_id_idx" ON "runs"("status", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_kind_created_at_id_idx" ON "runs"("kind", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_principal_created_at_id_idx" ON "runs"("principal", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_flaky_created_at_id_idx" ON "runs"("flaky", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_case_id_kind_created_at_id_idx" ON "runs"("test_case_id", "kind", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_case_id_status_created_at_id_idx" ON "runs"("test_case_id", "status", "created_at", "id");
