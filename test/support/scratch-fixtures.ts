import { test } from "vitest";
import { scratchFolder } from "./scratch-folder.js";

/** An empty temporary folder for each test. */
export const folderTest = test.extend("folder", async ({}, { onCleanup }) => {
  const { path, remove } = await scratchFolder();
  onCleanup(remove);
  return path;
});
