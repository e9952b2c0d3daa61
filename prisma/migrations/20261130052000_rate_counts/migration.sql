-- CreateTable
CREATE TABLE "rate_counts" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "points" INTEGER NOT NULL,
    "expire" DATETIME
);

-- CreateIndex
CREATE INDEX "rate_counts_expire_idx" ON "rate_counts"("expire");
