import { readdir } from "node:fs/promises";
import { expect } from "vitest";
import { carryOut } from "../../support/command-line.js";
import { closedPort } from "../../support/closed-port.js";
import { folderTest } from "../../support/scratch-fixtures.js";

folderTest("doctor starts the browser, finds nothing wrong, and makes nothing", async ({ folder }) => {
  const environment = {
    DATABASE_URL: `file:${folder}/data/test.db`,
    ARTIFACTS_DIR: `${folder}/data/artifacts`,
    PORT: String(await closedPort()),
    DISK_MIN_FREE: "1",
  };
  const { said, remarked, code } = await carryOut(["doctor"], { environment });
  expect(said).toMatch(/^✓ browser: It gives a page after [\d.]+ s\.$/m);
  expect(said).not.toMatch(/^✗/m);
  expect(remarked).toMatch(/^Nothing is wrong/);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});
