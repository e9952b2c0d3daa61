import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { carryOut } from "../../support/command-line.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { startApp } from "../../support/test-app.js";
import { FakePool } from "../../support/fake-browser.js";
import { databaseUrlIn, ON_POSTGRES } from "../../support/test-databases.js";

const LOGIN = `name: Log in
environment: staging
steps:
  - description: Open
    script:
      - action: navigate
        url: /login
`;
const STAGING = "environments:\n  - name: staging\n    base_url: https://staging.example\n";

const test = folderTest
  .extend("cases", async ({ folder }) => {
    const cases = join(folder, "cases");
    await mkdir(cases);
    await writeFile(join(cases, "environments.yaml"), STAGING);
    await writeFile(join(cases, "login.yaml"), LOGIN);
    return cases;
  })
  .extend("stepwire", ({ folder }) => async (...line: string[]) => {
    return carryOut(line, { environment: { DATABASE_URL: await databaseUrlIn(folder) } });
  });

describe("validate and fmt", () => {
  test("need no database, and tell faults by their places", async ({ stepwire, cases, folder }) => {
    expect(await stepwire("validate", cases)).toMatchObject({
      code: 0,
      remarked: "1 cases and 1 environments, without a fault.",
    });
    await writeFile(join(cases, "wrong.yaml"), "name: A\nstep: []\n");
    const { said, code } = await stepwire("validate", cases);
    expect(said).toContain(
      `${join(cases, "wrong.yaml")}:2:1 There is no field 'step' here. Did you mean 'steps'?`,
    );
    expect(code).toBe(1);
    expect(existsSync(join(folder, "test.db"))).toBe(false);
  });

  test("fmt writes files anew once, and --check only looks", async ({ stepwire, cases }) => {
    const path = join(cases, "login.yaml");
    await writeFile(path, `# Kept\nsteps: []\nname: 'Log in'\n`);
    expect(await stepwire("fmt", "--check", cases)).toMatchObject({ code: 1, said: path });
    expect(await stepwire("fmt", cases)).toMatchObject({ code: 0, said: path });
    expect(await readFile(path, "utf8")).toBe("name: Log in\n# Kept\nsteps: []\n");
    expect(await stepwire("fmt", "--check", cases)).toMatchObject({ code: 0, said: "" });
  });
});

describe("in the local database", () => {
  test("import makes what files say, export gives it back, sync finds no difference", async ({
    stepwire,
    cases,
    folder,
  }) => {
    expect(await stepwire("import", cases)).toMatchObject({
      code: 0,
      said: "+ environment staging\n+ 'Log in'",
      remarked: "2 created.",
    });
    const copy = join(folder, "copy");
    expect(await stepwire("export", "--output", copy)).toMatchObject({ code: 0 });
    expect((await readdir(copy)).sort()).toEqual(["environments.yaml", "log-in.yaml"]);
    expect(await stepwire("sync", copy, "--dry-run")).toMatchObject({ said: "~ log-in 'Log in' (slug)" });
    expect(await stepwire("sync", copy, "--yes")).toMatchObject({
      code: 0,
      remarked: "1 changed, 1 unchanged.",
    });
    expect(await stepwire("sync", copy)).toMatchObject({ code: 0, said: "", remarked: "Nothing differs." });
    expect(await stepwire("export", "--output", copy)).toMatchObject({
      code: 2,
      remarked: expect.stringContaining("--force"),
    });
  });

  test("sync says what differs, asks for --yes, and deletes only with --prune", async ({
    stepwire,
    cases,
  }) => {
    await stepwire("sync", cases, "--yes");
    const other = join(cases, "other.yaml");
    await writeFile(other, "name: Other\n");
    expect(await stepwire("sync", other)).toMatchObject({
      code: 2,
      remarked: expect.stringContaining("give --yes"),
    });
    expect(await stepwire("sync", other, "--yes")).toMatchObject({
      said: "+ other 'Other'\n? log-in 'Log in'",
    });
    expect(await stepwire("sync", other, "--prune", "--yes")).toMatchObject({ said: "- log-in 'Log in'" });
    const { said } = await stepwire("export", "--format", "json");
    expect(JSON.parse(said)).toMatchObject({ cases: [{ name: "Other" }] });
  });

  test.skipIf(ON_POSTGRES)(
    "export makes no embedded database (one of PostgreSQL is there before it is used)",
    async ({ stepwire }) => {
      expect(await stepwire("export")).toMatchObject({
        code: 2,
        remarked: expect.stringContaining("There is no database"),
      });
    },
  );

  test("a fault in one file leaves nothing of the others", async ({ stepwire, cases, folder }) => {
    await writeFile(join(cases, "wrong.yaml"), "name: A\nenvironment: none\n");
    const { remarked, code } = await stepwire("import", cases);
    expect(remarked).toContain(`${join(cases, "wrong.yaml")}:1:1 There is no environment 'none'`);
    expect(code).toBe(2);
    expect(JSON.parse((await stepwire("export", "--format", "json")).said)).toEqual({ cases: [] });
    expect(existsSync(join(folder, "copy"))).toBe(false);
  });
});

describe("on a server", () => {
  const onServer = test.extend("address", async ({}, { onCleanup }) => {
    const testApp = await startApp({}, { pool: new FakePool(1) });
    onCleanup(() => testApp.close());
    return `http://${testApp.address}`;
  });

  onServer("the same, with faults where they stand in the files", async ({ stepwire, cases, address }) => {
    const server = ["--server", address];
    expect(await stepwire("sync", cases, "--yes", ...server)).toMatchObject({
      code: 0,
      remarked: "2 created.",
    });
    expect(await stepwire("sync", cases, ...server)).toMatchObject({ code: 0, remarked: "Nothing differs." });
    const { said } = await stepwire("export", "--tag", "none", "--format", "json", ...server);
    expect(JSON.parse(said)).toEqual({ cases: [] });
    await writeFile(join(cases, "wrong.yaml"), "\nname: A\nenvironment: none\n");
    expect((await stepwire("import", cases, ...server)).remarked).toContain(
      `${join(cases, "wrong.yaml")}:2:1 There is no environment 'none'`,
    );
  });

  test("that does not answer is named", async ({ stepwire, cases }) => {
    const { remarked, code } = await stepwire("import", cases, "--server", "http://127.0.0.1:9");
    expect(remarked).toContain("http://127.0.0.1:9 does not answer");
    expect(code).toBe(2);
  });
});
