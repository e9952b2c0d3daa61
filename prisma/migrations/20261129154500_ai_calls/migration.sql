-- CreateTable
CREATE TABLE "ai_calls" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "day" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "cost" REAL,
    "estimated" INTEGER NOT NULL DEFAULT 0
);

-- CreateIndex
CREATE INDEX "ai_calls_day_principal_idx" ON "ai_calls"("day", "principal");
