import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { carryOut } from "../../support/command-line.js";
import { folderTest } from "../../support/scratch-fixtures.js";

folderTest.for([
  ["tokens", "list"],
  ["tokens", "revoke", "ci"],
  ["tokens", "prune"],
  ["export"],
  ["db", "backup", "backup.db"],
])("%j makes no database where there is none", async (line, { folder }) => {
  const environment = { DATABASE_URL: `file:${folder}/data/test.db` };
  const { said, remarked, code } = await carryOut(line, { environment });
  expect(remarked).toContain(`here is no database ${folder}/data/test.db`);
  expect({ said, code }).toEqual({ said: "", code: 2 });
  expect(await readdir(folder)).toEqual([]);
});

folderTest.runIf(process.platform === "linux")(
  "run --headed without a display says so in one line (Linux)",
  async ({ folder }) => {
    const file = join(folder, "case.json");
    await writeFile(file, JSON.stringify({ name: "A", steps: [{ description: "Wait", script: [] }] }));
    const { remarked, code } = await carryOut(["run", file, "--headed"], { environment: {} });
    expect(remarked).toMatch(/^BROWSER_HEADLESS: is false, and there is no display [^\n]*xvfb-run$/);
    expect(code).toBe(2);
  },
);
