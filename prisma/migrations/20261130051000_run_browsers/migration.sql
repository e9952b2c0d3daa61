-- AlterTable
ALTER TABLE "runs" ADD COLUMN "browser" TEXT;
ALTER TABLE "runs" ADD COLUMN "browser_version" TEXT;
