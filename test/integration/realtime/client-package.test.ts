import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakePool } from "../../support/fake-browser.js";
import { startApp, type TestApp } from "../../support/test-app.js";

const TSC = "node_modules/typescript/bin/tsc";
const LOG = { action: "log", message: "Hello" };

const run = promisify(execFile);

let folder: string;
let testApp: TestApp;

/** A project that depends on this package, as it is installed, and on `ws`; on nothing else at run time. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-consumer-"));
  const installed = join(folder, "node_modules", "stepwire");
  await mkdir(installed, { recursive: true });
  await copyFile("package.json", join(installed, "package.json"));
  const options = ["--outDir", join(installed, "dist"), "--emitDeclarationOnly", "false"];
  await run(process.execPath, [TSC, "-p", "tsconfig.client.json", ...options]);
  await symlink(resolve("node_modules/ws"), join(folder, "node_modules", "ws"));
  testApp = await startApp({}, { pool: new FakePool() });
  await testApp.createCase([[LOG, LOG]]);
}, 60_000);

afterAll(async () => {
  await testApp.close();
  await rm(folder, { recursive: true });
});

/** The example of the README, for the test's own server. */
async function example(): Promise<string> {
  const readme = await readFile("README.md", "utf8");
  const code = /### Client library.*?```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  expect(code).toContain("http://localhost:8000");
  return code.replace("http://localhost:8000", `http://${testApp.address}`);
}

describe("whoever has installed the package", () => {
  test("runs the README's example in Node", async () => {
    await writeFile(join(folder, "example.mjs"), await example());
    const { stdout } = await run(process.execPath, ["example.mjs"], { cwd: folder });
    expect(stdout.trim().split("\n")).toEqual(["1/2 Hello", "2/2 Hello", "passed"]);
  });

  test("has the types of what comes back", { timeout: 60_000 }, async () => {
    await symlink(resolve("node_modules/zod"), join(folder, "node_modules", "zod"));
    await symlink(resolve("node_modules/@types"), join(folder, "node_modules", "@types"));
    const typed = `${await example()}
      const verdict: "passed" | "failed" | "error" | "skipped" = status;
      const { passed }: { passed: number } = await client.executeAll(1, { on_failure: "continue" }).result;
      // @ts-expect-error A step's result does not count steps.
      run.result.then(({ passed }) => passed);
      // @ts-expect-error There is no such option.
      client.executeStep(1, { retry: 2 });
      export { passed, verdict };`;
    await writeFile(join(folder, "example.mts"), typed);
    const options = ["--strict", "--noEmit", "--target", "es2023", "--module", "nodenext", "--types", "node"];
    const { stdout } = await run(process.execPath, [resolve(TSC), ...options, "example.mts"], {
      cwd: folder,
    });
    expect(stdout).toBe("");
  });

  test("reaches nothing else of it", async () => {
    const internal = `import("stepwire/dist/client/link.js").catch(({ code }) => console.log(code));`;
    const { stdout } = await run(process.execPath, ["-e", internal], { cwd: folder });
    expect(stdout.trim()).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});
