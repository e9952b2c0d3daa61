-- AlterTable
ALTER TABLE "test_steps" ADD COLUMN "verification" TEXT;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_runs" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "test_case_id" INTEGER,
    "test_step_id" INTEGER,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "on_failure" TEXT NOT NULL,
    "request_id" TEXT,
    "principal" TEXT,
    "idempotency_principal" TEXT,
    "idempotency_key" TEXT,
    "idempotency_request" TEXT,
    "error_message" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "flaky" BOOLEAN NOT NULL DEFAULT false,
    "created_at" DATETIME NOT NULL,
    "started_at" DATETIME,
    "finished_at" DATETIME,
    "owner" TEXT,
    "lease_number" INTEGER NOT NULL DEFAULT 1,
    "lease_until" DATETIME,
    CONSTRAINT "runs_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "runs_test_step_id_fkey" FOREIGN KEY ("test_step_id") REFERENCES "test_steps" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
INSERT INTO "new_runs" ("attempts", "created_at", "error_message", "finished_at", "flaky", "id", "idempotency_key", "idempotency_principal", "idempotency_request", "kind", "lease_number", "lease_until", "on_failure", "owner", "principal", "request_id", "started_at", "status", "test_case_id", "test_step_id") SELECT "attempts", "created_at", "error_message", "finished_at", "flaky", "id", "idempotency_key", "idempotency_principal", "idempotency_request", "kind", "lease_number", "lease_until", "on_failure", "owner", "principal", "request_id", "started_at", "status", "test_case_id", "test_step_id" FROM "runs";
DROP TABLE "runs";
ALTER TABLE "new_runs" RENAME TO "runs";
CREATE INDEX "runs_status_created_at_idx" ON "runs"("status", "created_at");
CREATE INDEX "runs_test_case_id_status_idx" ON "runs"("test_case_id", "status");
CREATE INDEX "runs_created_at_id_idx" ON "runs"("created_at", "id");
CREATE INDEX "runs_test_case_id_created_at_id_idx" ON "runs"("test_case_id", "created_at", "id");
CREATE INDEX "runs_test_step_id_created_at_id_idx" ON "runs"("test_step_id", "created_at", "id");
CREATE INDEX "runs_flaky_idx" ON "runs"("flaky");
CREATE UNIQUE INDEX "runs_idempotency_principal_idempotency_key_key" ON "runs"("idempotency_principal", "idempotency_key");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
