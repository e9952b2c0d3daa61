import { readdir } from "node:fs/promises";
import { expect } from "vitest";
import { carryOut } from "../../support/command-line.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { startTinySite } from "../../support/tiny-site.js";

const PAGE = `<title>Shop</title><h1>Shop</h1><button onclick="document.querySelector('p').textContent = 'Welcome'">Log in</button><p></p>`;

folderTest(
  "generate --url tries each sentence on the page, says which hold, and leaves nothing behind",
  async ({ folder, onTestFinished }) => {
    const site = await startTinySite({ "/": () => PAGE });
    onTestFinished(() => site.close());
    const description = 'Click Log in. Check that the page shows "Welcome". Click Log out.';
    const { said, remarked, code } = await carryOut(["generate", "--url", `${site.url}/`, description], {
      environment: { DATABASE_URL: `file:${folder}/test.db`, COMMAND_TIMEOUT: "2" },
    });
    expect(remarked.split("\n")).toEqual([
      `Verified: “Open ${site.url}/”`,
      "Verified: “Click Log in”",
      'Verified: “Check that the page shows "Welcome"”',
      expect.stringMatching(/^Not verified: “Click Log out”: /),
    ]);
    expect(said).toContain(`url: ${site.url}/`);
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  },
);
