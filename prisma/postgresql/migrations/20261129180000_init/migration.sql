-- CreateEnum
CREATE TYPE "TestCaseStatus" AS ENUM ('draft', 'approved', 'in_progress', 'completed', 'failed');

-- CreateEnum
CREATE TYPE "TestStepStatus" AS ENUM ('not_started', 'passed', 'failed', 'blocked');

-- CreateEnum
CREATE TYPE "ExecutionStatus" AS ENUM ('not_run', 'running', 'passed', 'failed', 'error');

-- CreateEnum
CREATE TYPE "RunKind" AS ENUM ('step', 'case', 'generation');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('queued', 'running', 'passed', 'failed', 'error');

-- CreateEnum
CREATE TYPE "OnFailure" AS ENUM ('stop', 'continue');

-- CreateEnum
CREATE TYPE "DeliveryStatus" AS ENUM ('pending', 'delivered', 'failed');

-- CreateEnum
CREATE TYPE "ArtifactKind" AS ENUM ('screenshot', 'page_source', 'console', 'network', 'commands', 'download', 'video', 'accessibility', 'screenshot_expected', 'screenshot_actual', 'screenshot_diff');

-- CreateTable
CREATE TABLE "test_cases" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "status" "TestCaseStatus" NOT NULL DEFAULT 'draft',
    "assigned_to" TEXT,
    "requirements" TEXT,
    "test_case_version" TEXT,
    "slug" TEXT,
    "environment" TEXT,
    "typing_delay" INTEGER,
    "generator" TEXT,
    "idempotency_principal" TEXT,
    "idempotency_key" TEXT,
    "idempotency_request" TEXT,
    "idempotency_part" INTEGER NOT NULL DEFAULT 1,
    "warnings" TEXT,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "test_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "test_case_tags" (
    "test_case_id" INTEGER NOT NULL,
    "tag" TEXT NOT NULL,

    CONSTRAINT "test_case_tags_pkey" PRIMARY KEY ("test_case_id","tag")
);

-- CreateTable
CREATE TABLE "test_steps" (
    "id" SERIAL NOT NULL,
    "test_case_id" INTEGER NOT NULL,
    "step_number" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "expected_result" TEXT NOT NULL DEFAULT '',
    "actual_result" TEXT,
    "status" "TestStepStatus" NOT NULL DEFAULT 'not_started',
    "transaction_code" TEXT,
    "selenium_script" TEXT,
    "selenium_script_json" TEXT,
    "warnings" TEXT,
    "verification" TEXT,
    "execution_status" "ExecutionStatus" NOT NULL DEFAULT 'not_run',
    "execution_time_ms" INTEGER,
    "last_executed_at" TIMESTAMP(3),
    "error_message" TEXT,

    CONSTRAINT "test_steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" TEXT NOT NULL,
    "kind" "RunKind" NOT NULL,
    "test_case_id" INTEGER,
    "test_step_id" INTEGER,
    "status" "RunStatus" NOT NULL DEFAULT 'queued',
    "on_failure" "OnFailure" NOT NULL,
    "request_id" TEXT,
    "principal" TEXT,
    "environment" TEXT,
    "idempotency_principal" TEXT,
    "idempotency_key" TEXT,
    "idempotency_request" TEXT,
    "error_message" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "flaky" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMP(3) NOT NULL,
    "started_at" TIMESTAMP(3),
    "finished_at" TIMESTAMP(3),
    "owner" TEXT,
    "lease_number" INTEGER NOT NULL DEFAULT 1,
    "lease_until" TIMESTAMP(3),

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_events" (
    "run_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "ts" TIMESTAMP(3) NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSON NOT NULL,

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "test_step_id" INTEGER,
    "kind" "ArtifactKind" NOT NULL,
    "media_type" TEXT NOT NULL,
    "name" TEXT,
    "variant" TEXT,
    "path" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "missing_since" TIMESTAMP(3),

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "baselines" (
    "id" TEXT NOT NULL,
    "test_case_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "accepted_at" TIMESTAMP(3) NOT NULL,
    "accepted_by" TEXT,

    CONSTRAINT "baselines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifact_folder" (
    "id" INTEGER NOT NULL,
    "mark" TEXT NOT NULL,
    "marked_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "artifact_folder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environments" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "base_url" TEXT,
    "variables" JSON NOT NULL,
    "secrets" JSON NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "environments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ai_calls" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "day" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "cost" DOUBLE PRECISION,
    "estimated" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "ai_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_tokens" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "expires_at" TIMESTAMP(3),
    "revoked_at" TIMESTAMP(3),
    "last_used_at" TIMESTAMP(3),

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "token_id" TEXT,
    "created_at" TIMESTAMP(3) NOT NULL,
    "expires_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "principal" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "status" "DeliveryStatus" NOT NULL DEFAULT 'pending',
    "attempts" JSON NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "next_attempt_at" TIMESTAMP(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "test_cases_status_idx" ON "test_cases"("status");

-- CreateIndex
CREATE INDEX "test_cases_environment_idx" ON "test_cases"("environment");

-- CreateIndex
CREATE UNIQUE INDEX "test_cases_idempotency_principal_idempotency_key_idempotenc_key" ON "test_cases"("idempotency_principal", "idempotency_key", "idempotency_part");

-- CreateIndex
CREATE UNIQUE INDEX "test_cases_slug_key" ON "test_cases"("slug");

-- CreateIndex
CREATE INDEX "test_case_tags_tag_idx" ON "test_case_tags"("tag");

-- CreateIndex
CREATE INDEX "test_steps_execution_status_idx" ON "test_steps"("execution_status");

-- CreateIndex
CREATE UNIQUE INDEX "test_steps_test_case_id_step_number_key" ON "test_steps"("test_case_id", "step_number");

-- CreateIndex
CREATE INDEX "runs_created_at_id_idx" ON "runs"("created_at", "id");

-- CreateIndex
CREATE INDEX "runs_status_created_at_id_idx" ON "runs"("status", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_kind_created_at_id_idx" ON "runs"("kind", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_principal_created_at_id_idx" ON "runs"("principal", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_flaky_created_at_id_idx" ON "runs"("flaky", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_case_id_created_at_id_idx" ON "runs"("test_case_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_case_id_kind_created_at_id_idx" ON "runs"("test_case_id", "kind", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_case_id_status_created_at_id_idx" ON "runs"("test_case_id", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_test_step_id_created_at_id_idx" ON "runs"("test_step_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "runs_kind_status_idx" ON "runs"("kind", "status");

-- CreateIndex
CREATE UNIQUE INDEX "runs_idempotency_principal_idempotency_key_key" ON "runs"("idempotency_principal", "idempotency_key");

-- CreateIndex
CREATE INDEX "artifacts_run_id_idx" ON "artifacts"("run_id");

-- CreateIndex
CREATE INDEX "artifacts_test_step_id_idx" ON "artifacts"("test_step_id");

-- CreateIndex
CREATE INDEX "artifacts_created_at_idx" ON "artifacts"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "baselines_test_case_id_name_variant_key" ON "baselines"("test_case_id", "name", "variant");

-- CreateIndex
CREATE UNIQUE INDEX "environments_name_key" ON "environments"("name");

-- CreateIndex
CREATE INDEX "ai_calls_day_principal_idx" ON "ai_calls"("day", "principal");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_name_key" ON "api_tokens"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens"("hash");

-- CreateIndex
CREATE INDEX "sessions_token_id_idx" ON "sessions"("token_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries"("at");

-- CreateIndex
CREATE INDEX "webhook_deliveries_next_attempt_at_idx" ON "webhook_deliveries"("next_attempt_at");

-- CreateIndex
CREATE INDEX "webhook_deliveries_run_id_idx" ON "webhook_deliveries"("run_id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_created_at_id_idx" ON "webhook_deliveries"("created_at", "id");

-- AddForeignKey
ALTER TABLE "test_case_tags" ADD CONSTRAINT "test_case_tags_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_steps" ADD CONSTRAINT "test_steps_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_test_step_id_fkey" FOREIGN KEY ("test_step_id") REFERENCES "test_steps"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_test_step_id_fkey" FOREIGN KEY ("test_step_id") REFERENCES "test_steps"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "baselines" ADD CONSTRAINT "baselines_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "api_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
