-- CreateEnum
CREATE TYPE "BrowserName" AS ENUM ('chrome', 'edge', 'firefox');

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "browser" "BrowserName",
ADD COLUMN     "browser_version" TEXT;
