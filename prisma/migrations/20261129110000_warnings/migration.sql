-- AlterTable
ALTER TABLE "test_cases" ADD COLUMN "warnings" TEXT;

-- AlterTable
ALTER TABLE "test_steps" ADD COLUMN "warnings" TEXT;
