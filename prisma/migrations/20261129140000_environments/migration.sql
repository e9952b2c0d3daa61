-- AlterTable
ALTER TABLE "test_cases" ADD COLUMN "slug" TEXT;
ALTER TABLE "test_cases" ADD COLUMN "environment" TEXT;

-- AlterTable
ALTER TABLE "runs" ADD COLUMN "environment" TEXT;

-- CreateTable
CREATE TABLE "environments" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "base_url" TEXT,
    "variables" JSONB NOT NULL,
    "secrets" JSONB NOT NULL,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "test_cases_slug_key" ON "test_cases"("slug");

-- CreateIndex
CREATE INDEX "test_cases_environment_idx" ON "test_cases"("environment");

-- CreateIndex
CREATE UNIQUE INDEX "environments_name_key" ON "environments"("name");
