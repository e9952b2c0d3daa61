import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { DemoError } from "../../../scripts/demo-error.js";
import { preparePictures } from "../../../scripts/demo-pictures.js";
import { demoSitePort, startDemoSite } from "../../../scripts/demo-site.js";
import { folderTest } from "../../support/scratch-fixtures.js";

test("the demo says in one line that its port is taken, or none", async () => {
  const site = await startDemoSite({ port: 0 });
  const port = Number(new URL(site.url).port);
  await expect(startDemoSite({ port })).rejects.toThrow(
    new DemoError(
      `DEMO_PORT: ${port} is taken (EADDRINUSE); stop what uses it, or set DEMO_PORT (0 takes any that is free)`,
    ),
  );
  await site.close();
  expect([demoSitePort(""), demoSitePort("0"), demoSitePort("65535")]).toEqual([8010, 0, 65_535]);
  for (const given of ["65536", "-1", "x", "80.5"])
    expect(() => demoSitePort(given)).toThrow(/^DEMO_PORT: must be/);
});

folderTest("the demo says in one line that its folder cannot be written", async ({ folder }) => {
  await writeFile(join(folder, "file"), "");
  const pictures = preparePictures(join(folder, "file", "demo-pictures"));
  await expect(pictures).rejects.toThrow(
    /^ARTIFACTS_DIR: .*file cannot be written \(ENOTDIR\); make it writable/,
  );
});

folderTest("npm start says in one line what to do where nothing can be built", async ({ folder }) => {
  for (const path of ["src", "prisma", "scripts"]) await mkdir(join(folder, path));
  for (const path of ["prisma/schema.prisma", "package-lock.json", "tsconfig.build.json"]) {
    await writeFile(join(folder, path), "");
  }
  await copyFile("scripts/start.js", join(folder, "scripts/start.mjs"));
  const started = promisify(execFile)(process.execPath, ["scripts/start.mjs"], { cwd: folder });
  await expect(started).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^dist\/main\.js is missing, .* run "npm ci --include=dev && npm run build" first.*\n$/,
    ),
  });
});
