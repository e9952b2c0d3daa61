-- AlterTable
ALTER TABLE "test_cases" ADD COLUMN "typing_delay" INTEGER;
