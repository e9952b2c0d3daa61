import { resolve } from "node:path";
import { expect, test } from "vitest";
import { prepareDatabaseFile } from "../../../src/db/sqlite/location.js";
import { DatabaseStartError } from "../../../src/db/start-error.js";

// Folders that are there already, so that nothing is made.
test.each([
  ["file:./test.db", resolve("test.db")],
  ["file:test.db", resolve("test.db")],
  ["FILE:test.db", resolve("test.db")],
  ["file:/tmp/a b%20.db", "/tmp/a b%20.db"],
  ["file:///tmp/a%20b.db", "/tmp/a b.db"],
])("%s names the file %s", (url, file) => {
  expect(prepareDatabaseFile(url)).toBe(file);
});

test.each([
  ["mysql://me:secret@host/db", /must name a file .* it holds mysql:$/],
  ["./test.db", /must name a file .* it holds text without a scheme$/],
  ["", /must name a file/],
  ["file:", /must name a file/],
  ["file::memory:", /must name a file/],
  ["file:./test.db?connection_limit=1", /without parameters/],
  ["file://host/test.db", /names a host/],
  ["file:/proc/nowhere/test.db", /the folder \/proc\/nowhere cannot be written \(\w+\)\. Make it writable/],
])("%s is refused with what to do", (url, message) => {
  const open = () => prepareDatabaseFile(url);

  expect(open).toThrow(DatabaseStartError);
  expect(open).toThrow(message);
  expect(open).not.toThrow(/secret/);
});
