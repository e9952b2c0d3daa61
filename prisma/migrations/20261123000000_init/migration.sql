-- CreateTable
CREATE TABLE "test_cases" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'draft',
    "assigned_to" TEXT,
    "requirements" TEXT,
    "test_case_version" TEXT,
    "generator" TEXT,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "test_steps" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "test_case_id" INTEGER NOT NULL,
    "step_number" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "expected_result" TEXT NOT NULL DEFAULT '',
    "actual_result" TEXT,
    "status" TEXT NOT NULL DEFAULT 'not_started',
    "transaction_code" TEXT,
    "selenium_script" TEXT,
    "selenium_script_json" TEXT,
    "execution_status" TEXT NOT NULL DEFAULT 'not_run',
    "execution_time_ms" INTEGER,
    "last_executed_at" DATETIME,
    "error_message" TEXT,
    CONSTRAINT "test_steps_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "runs" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "test_case_id" INTEGER NOT NULL,
    "test_step_id" INTEGER,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "on_failure" TEXT NOT NULL,
    "request_id" TEXT,
    "error_message" TEXT,
    "created_at" DATETIME NOT NULL,
    "started_at" DATETIME,
    "finished_at" DATETIME,
    CONSTRAINT "runs_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "runs_test_step_id_fkey" FOREIGN KEY ("test_step_id") REFERENCES "test_steps" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "run_events" (
    "run_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "ts" DATETIME NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,

    PRIMARY KEY ("run_id", "seq"),
    CONSTRAINT "run_events_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "artifacts" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "run_id" TEXT NOT NULL,
    "test_step_id" INTEGER,
    "kind" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "artifacts_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "artifacts_test_step_id_fkey" FOREIGN KEY ("test_step_id") REFERENCES "test_steps" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "test_cases_status_idx" ON "test_cases"("status");

-- CreateIndex
CREATE INDEX "test_steps_execution_status_idx" ON "test_steps"("execution_status");

-- CreateIndex
CREATE UNIQUE INDEX "test_steps_test_case_id_step_number_key" ON "test_steps"("test_case_id", "step_number");

-- CreateIndex
CREATE INDEX "runs_status_created_at_idx" ON "runs"("status", "created_at");

-- CreateIndex
CREATE INDEX "runs_test_case_id_status_idx" ON "runs"("test_case_id", "status");

-- CreateIndex
CREATE INDEX "runs_test_step_id_idx" ON "runs"("test_step_id");

-- CreateIndex
CREATE INDEX "artifacts_run_id_idx" ON "artifacts"("run_id");

-- CreateIndex
CREATE INDEX "artifacts_test_step_id_idx" ON "artifacts"("test_step_id");
