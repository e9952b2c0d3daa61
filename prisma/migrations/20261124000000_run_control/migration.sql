-- AlterTable
ALTER TABLE "runs" ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "runs" ADD COLUMN "flaky" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN "name" TEXT;

-- CreateIndex
CREATE INDEX "runs_flaky_idx" ON "runs"("flaky");

-- CreateIndex
CREATE INDEX "artifacts_created_at_idx" ON "artifacts"("created_at");
