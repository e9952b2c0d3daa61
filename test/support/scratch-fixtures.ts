import { test } from "vitest";
import { scratchDatabase } from "./scratch-database.js";
import { scratchFolder } from "./scratch-folder.js";
import { databaseUrlIn, dropDatabase } from "./test-databases.js";

/** An empty temporary folder for each test. */
export const folderTest = test.extend("folder", async ({}, { onCleanup }) => {
  const { path, remove } = await scratchFolder();
  onCleanup(remove);
  return path;
});

/** The address of a database of its own for each test, for files that open it themselves. */
export const databaseUrlTest = folderTest.extend("url", async ({ folder }, { onCleanup }) => {
  const url = await databaseUrlIn(folder);
  onCleanup(() => dropDatabase(url));
  return url;
});

/** A database of its own for each test, with the `webhooks` that a file names. */
export const databaseTest = test
  .extend("webhooks", [] as string[])
  .extend("scratch", async ({ webhooks }, { onCleanup }) => {
    const scratch = await scratchDatabase({ webhooks });
    onCleanup(() => scratch.remove());
    return scratch;
  });
