import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeClientPackage } from "../../../scripts/client-package.js";
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

  test(
    "of the client alone needs no other package, and no schema for its types",
    { timeout: 60_000 },
    async () => {
      const alone = join(folder, "alone");
      const installed = join(alone, "node_modules", "stepwire-client");
      await writeClientPackage(installed);
      await writeFile(join(alone, "package.json"), '{"type":"module"}');
      const names = await readdir(installed);
      const texts = await Promise.all(names.map((name) => readFile(join(installed, name), "utf8")));
      expect(texts.filter((text) => /zod|\bimport\(["'`]|from "[^.]/.test(text))).toEqual([]);
      const use = `
      import { connect, StepwireRest, type RunDetails, type RunEvent } from "stepwire-client";
      const rest = new StepwireRest({ url: "http://127.0.0.1:1", token: undefined });
      export const verdictOf = async (id: string): Promise<RunDetails["status"]> => (await rest.runs.get(id)).status;
      export const told = (event: RunEvent): string => (event.type === "progress" ? event.message : event.type);
      export const start = async () => {
        const client = await connect({ url: "http://127.0.0.1:1", onState: undefined, connectTimeoutMs: undefined });
        // @ts-expect-error There is no such option.
        client.executeStep(1, { retry: 2 });
        // @ts-expect-error No run has this status.
        return rest.runs.list({ status: "green" });
      };`;
      await writeFile(join(alone, "use.ts"), use);
      const options = [
        "--strict",
        "--exactOptionalPropertyTypes",
        "--noEmit",
        "--ignoreConfig",
        "--module",
        "nodenext",
      ];
      const compiler = [resolve(TSC), ...options, "--target", "es2023", "--lib", "es2023,dom", "use.ts"];
      const compiled = await run(process.execPath, compiler, { cwd: alone }).catch((error: unknown) => error);
      expect(compiled).toMatchObject({ stdout: "" });
      const load = `import("stepwire-client").then((all) => console.log(Object.keys(all).sort().join()))`;
      const { stdout } = await run(process.execPath, ["-e", load], { cwd: alone });
      expect(stdout.trim()).toBe(
        "ClosedError,RequestError,StepwireClient,StepwireRest,UnreachableError,connect",
      );
    },
  );

  test("reaches nothing else of it", async () => {
    const internal = `import("stepwire/dist/client/link.js").catch(({ code }) => console.log(code));`;
    const { stdout } = await run(process.execPath, ["-e", internal], { cwd: folder });
    expect(stdout.trim()).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});
