-- CreateTable
CREATE TABLE "artifact_folder" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "mark" TEXT NOT NULL,
    "marked_at" DATETIME NOT NULL
);

-- AlterTable
ALTER TABLE "artifacts" ADD COLUMN "missing_since" DATETIME;
