import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { StepwireRest } from "../../../src/client/index.js";
import { FakePool } from "../../support/fake-browser.js";
import { createToken, stepwire } from "../../support/logins.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { startApp } from "../../support/test-app.js";

// `stepwire run --server`: the tests are a server's, the command and its reports a process of their own.

const test = folderTest.extend("server", async ({ folder }, { onCleanup }) => {
  const app = await startApp({}, { pool: new FakePool(2) });
  onCleanup(() => app.close());
  const passing = await app.createCase([[{ action: "log", message: "fine" }]]);
  const failing = await app.createCase([
    [
      { action: "set_variable", variable: "order", value: "1" },
      { action: "verify_variable", variable: "order", expected_value: "2" },
    ],
  ]);
  await mkdir(join(folder, "tmp"));
  const run = (args: string[], environment: Record<string, string> = {}) =>
    stepwire(`file:${join(folder, "none.db")}`, ["run", "--server", `http://${app.address}`, ...args], {
      TMPDIR: join(folder, "tmp"),
      NO_COLOR: "1",
      ...environment,
    });
  return { app, passing: String(passing.caseId), failing: String(failing.caseId), run };
});

test("cases run on the server, and the reports are written here", async ({ folder, server }) => {
  const { passing, failing, run } = server;
  const out = join(folder, "out");
  const result = await run([passing, failing, "--reporter", "list,junit,html", "--output", out]);
  expect(result).toMatchObject({
    code: expect.toBeOneOf([1, 2]),
    stdout: expect.stringContaining("✓ Case ("),
  });
  expect(result.stdout).toContain("it checks nothing");
  expect(await readFile(join(out, "junit.xml"), "utf8")).toContain('<testsuites name="Stepwire" tests="2"');
  expect(await readFile(join(out, "report.html"), "utf8")).toContain("<h1>Test report</h1>");
  // Neither a database nor a temporary file of its own.
  expect((await readdir(folder)).toSorted()).toEqual(["out", "tmp"]);
  // From version 22 on Node itself keeps compiled code there.
  const temporary = await readdir(join(folder, "tmp"));
  expect(temporary.filter((name) => name !== "node-compile-cache")).toEqual([]);
});

test("cases are found by their names", async ({ server }) => {
  const { stdout } = await server.run(["--grep", "^case$"]);
  expect(stdout).toMatch(/^Running 2 tests, 2 at a time\n/);
});

test("what the server refuses is said in one line, and ends with 2", async ({ server }) => {
  const { run, app, passing } = server;
  expect(await run(["999"])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/^--server: .*999.*\n$/),
  });
  expect(await run(["cases"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("cases: files run in"),
  });
  expect(await run([])).toMatchObject({ code: 2, stderr: expect.stringContaining("which tests?") });
  const { token } = await createToken(app, ["run", "read"]);
  expect(await run([passing])).toMatchObject({ code: 2, stderr: expect.stringContaining("STEPWIRE_TOKEN") });
  expect(await run([passing], { STEPWIRE_TOKEN: token })).toMatchObject({ code: 0 });
});

test("a test with a priority begins before runs that wait", async ({ folder }) => {
  const pool = new FakePool(1);
  const app = await startApp({}, { pool });
  onTestFinished(() => app.close());
  const releases: (() => void)[] = [];
  pool.page.navigate = () => new Promise((resolve) => releases.push(resolve));
  const { caseId, stepIds } = await app.createCase([[{ action: "navigate", url: "http://shop.test/" }]]);
  const rest = new StepwireRest({ url: `http://${app.address}` });
  await rest.cases.runStep(stepIds[0] ?? 0);
  await expect.poll(() => releases.length).toBe(1);
  const { id: waiting } = await rest.cases.runStep(stepIds[0] ?? 0);

  const server = ["--server", `http://${app.address}`];
  const ended = stepwire(`file:${join(folder, "none.db")}`, [
    "run",
    ...server,
    "--priority",
    "9",
    `${caseId}`,
  ]);
  await expect.poll(async () => (await rest.runs.list({ status: "queued" })).items.length).toBe(2);
  releases[0]?.();
  await expect.poll(() => releases.length).toBe(2);
  const { items: begun } = await rest.runs.list({ kind: "case", status: "running" });
  for (const later of [1, 2]) {
    await expect.poll(() => releases.length).toBe(later + 1);
    releases[later]?.();
  }

  expect(begun).toHaveLength(1);
  expect((await ended).stdout).toContain("Case");
  await expect.poll(async () => (await rest.runs.get(waiting)).finished_at).not.toBeNull();
});
