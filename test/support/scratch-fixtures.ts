import { test } from "vitest";
import { scratchFolder } from "./scratch-folder.js";
import { scratchDatabase } from "./scratch-database.js";

/** An empty temporary folder for each test. */
export const folderTest = test.extend("folder", async ({}, { onCleanup }) => {
  const { path, remove } = await scratchFolder();
  onCleanup(remove);
  return path;
});

/** A database of its own for each test, in a folder of its own. */
export const databaseTest = test.extend("scratch", async ({}, { onCleanup }) => {
  const scratch = await scratchDatabase();
  onCleanup(() => scratch.remove());
  return scratch;
});
