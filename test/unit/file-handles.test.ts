import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { fileHandleLimit, neededFileHandles, warnOfFewFileHandles } from "../../src/file-handles.js";

function warnings(limit: number | undefined, maxConnections: number | undefined): unknown[][] {
  const warned: unknown[][] = [];
  // Only this method is called.
  const log = { warn: (...line: unknown[]) => warned.push(line) } as never;
  warnOfFewFileHandles({ maxConnections, poolSize: 4 }, { limit, log });
  return warned;
}

test("too few file handles are said once, with the numbers and the remedy", () => {
  expect(warnings(1024, 5000)).toEqual([
    [
      { limit: 1024, needed: 5380, maxConnections: 5000, poolSize: 4 },
      expect.stringMatching(/raise the limit \(ulimit -n, .*\) or lower MAX_CONNECTIONS$/),
    ],
  ]);
  expect(warnings(5379, 5000)).toHaveLength(1);
});

test("enough of them are not mentioned", () => {
  expect(warnings(5380, 5000)).toEqual([]);
  expect(warnings(1024, 500)).toEqual([]);
  expect(warnings(1024, undefined)).toEqual([]);
  expect(warnings(undefined, 5000)).toEqual([]);
  expect(warnings(Infinity, 1_000_000)).toEqual([]);
});

test("each connection and each browser session counts", () => {
  const one = neededFileHandles({ maxConnections: 1, poolSize: 1 });
  expect(neededFileHandles({ maxConnections: 2, poolSize: 1 })).toBe(one + 1);
  expect(neededFileHandles({ maxConnections: 1, poolSize: 2 })).toBeGreaterThan(one + 5);
});

test.skipIf(process.platform === "win32")(
  "the limit is the one that the system has (Windows has none)",
  () => {
    const limit = execFileSync("sh", ["-c", "ulimit -n"]).toString().trim();
    expect(fileHandleLimit()).toBe(limit === "unlimited" ? Infinity : Number(limit));
  },
);
