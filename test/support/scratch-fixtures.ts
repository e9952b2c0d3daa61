import { test } from "vitest";
import { scratchDatabase } from "./scratch-database.js";
import { scratchFolder } from "./scratch-folder.js";

/** An empty temporary folder for each test. */
export const folderTest = test.extend("folder", async ({}, { onCleanup }) => {
  const { path, remove } = await scratchFolder();
  onCleanup(remove);
  return path;
});

/** A database of its own for each test, with the `webhooks` that a file names. */
export const databaseTest = test
  .extend("webhooks", [] as string[])
  .extend("scratch", async ({ webhooks }, { onCleanup }) => {
    const scratch = await scratchDatabase({ webhooks });
    onCleanup(() => scratch.remove());
    return scratch;
  });
