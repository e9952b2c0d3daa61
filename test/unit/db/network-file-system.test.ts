import { expect, test } from "vitest";
import { networkFileSystemOf } from "../../../src/db/sqlite/network-file-system.js";

test.runIf(process.platform === "linux").each([
  ["NFS", 0x6969],
  ["CIFS", 0xff534d42],
  // As a signed number of 32 bits.
  ["CIFS", 0xff534d42 | 0],
  ["9p", 0x01021997],
  // ext4
  [undefined, 0xef53],
])("a file system is %s by its type (Linux only, where there are such types)", (name, type) => {
  expect(networkFileSystemOf("/anywhere", () => type)).toBe(name);
});

test("a folder that is not there is on no network", () => {
  expect(networkFileSystemOf("/nowhere/at/all")).toBeUndefined();
});
