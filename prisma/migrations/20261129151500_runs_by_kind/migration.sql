-- CreateIndex
CREATE INDEX "runs_kind_status_idx" ON "runs"("kind", "status");
