-- CreateTable
CREATE TABLE "test_case_tags" (
    "test_case_id" INTEGER NOT NULL,
    "tag" TEXT NOT NULL,

    PRIMARY KEY ("test_case_id", "tag"),
    CONSTRAINT "test_case_tags_test_case_id_fkey" FOREIGN KEY ("test_case_id") REFERENCES "test_cases" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "test_case_tags_tag_idx" ON "test_case_tags"("tag");
