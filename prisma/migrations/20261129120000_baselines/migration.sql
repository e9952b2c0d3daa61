-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN "variant" TEXT;

-- CreateTable
CREATE TABLE "baselines" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "test_case_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "accepted_at" DATETIME NOT NULL,
    "accepted_by" TEXT,
    CONSTRAINT "baselines_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "baselines_test_case_id_name_variant_key" ON "baselines"("test_case_id", "name", "variant");
