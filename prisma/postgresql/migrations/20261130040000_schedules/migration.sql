-- CreateTable
CREATE TABLE "schedules" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "test_case_id" INTEGER NOT NULL,
    "test_step_id" INTEGER,
    "cron" TEXT,
    "time_zone" TEXT NOT NULL,
    "execute_at" TIMESTAMP(3),
    "environment" TEXT,
    "options" JSON NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "created_by" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL,
    "updated_at" TIMESTAMP(3) NOT NULL,
    "next_at" TIMESTAMP(3),
    "last_at" TIMESTAMP(3),
    "last_outcome" TEXT,
    "last_run_id" TEXT,
    "last_code" TEXT,
    "last_message" TEXT,

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "schedules_name_key" ON "schedules"("name");

-- CreateIndex
CREATE INDEX "schedules_next_at_idx" ON "schedules"("next_at");

-- CreateIndex
CREATE INDEX "schedules_test_case_id_idx" ON "schedules"("test_case_id");

-- CreateIndex
CREATE INDEX "schedules_test_step_id_idx" ON "schedules"("test_step_id");

-- CreateIndex
CREATE INDEX "schedules_environment_idx" ON "schedules"("environment");

-- AddForeignKey
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_test_step_id_fkey" FOREIGN KEY ("test_step_id") REFERENCES "test_steps"("id") ON DELETE CASCADE ON UPDATE CASCADE;
