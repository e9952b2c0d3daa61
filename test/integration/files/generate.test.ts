import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { readCaseFile } from "../../../src/formats/yaml/read.js";
import { carryOut } from "../../support/command-line.js";
import { FakePool } from "../../support/fake-browser.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { startApp } from "../../support/test-app.js";

const DESCRIPTION = 'Open https://shop.example/login. Click Log in. Check that the page shows "Welcome".';

const GHERKIN = `Feature: Login
  Scenario: Right password
    Given I open https://shop.example/login
    Then I see "Welcome"
  Scenario: Wrong password
    Given I open https://shop.example/login
    Then I see "Sorry"
`;

const test = folderTest.extend("stepwire", ({ folder }) => (line: string[], input?: string) => {
  const environment = { DATABASE_URL: `file:${join(folder, "test.db")}` };
  return carryOut(line, { environment, ...(input !== undefined && { input }) });
});

/** The actions of each case of a file. @throws when the file has a fault */
function actionsIn(text: string): string[][] {
  const reading = readCaseFile(text, { file: "generated" });
  if ("errors" in reading) throw new Error(JSON.stringify(reading.errors));
  return reading.cases.map(({ testCase }) =>
    testCase.steps.flatMap(({ script }) => script.map(({ action }) => action)),
  );
}

describe("generate", () => {
  test.for(["words", "file", "standard input"])(
    "writes a case file of a description from %s, and makes no database",
    async (from, { stepwire, folder }) => {
      const path = join(folder, "login.txt");
      await writeFile(path, DESCRIPTION);
      const lines = { words: DESCRIPTION.split(" "), file: ["--file", path], "standard input": [] };
      const { said, remarked, code } = await stepwire(
        ["generate", ...lines[from as keyof typeof lines]],
        DESCRIPTION,
      );
      expect({ remarked, code }).toEqual({ remarked: "", code: 0 });
      expect(actionsIn(said)).toEqual([["navigate", "click", "verify_text"]]);
      expect(existsSync(join(folder, "test.db"))).toBe(false);
    },
  );

  test("keeps what was not understood as a command that never passes, says so and ends with 1", async ({
    stepwire,
  }) => {
    const { said, remarked, code } = await stepwire(["generate", `${DESCRIPTION} Dance on the table.`]);
    expect({ remarked, code }).toEqual({ remarked: "Not understood: “Dance on the table”.", code: 1 });
    expect(actionsIn(said)[0]).toContain("not_understood");
  });

  test("writes several cases into one file, or each into one of its own", async ({ stepwire, folder }) => {
    const file = join(folder, "login.json");
    await stepwire(["generate", "--output", file], GHERKIN);
    expect(actionsIn(await readFile(file, "utf8"))).toHaveLength(2);
    const cases = join(folder, "cases");
    await stepwire(["generate", "--output", cases], GHERKIN);
    expect((await readdir(cases)).sort()).toEqual(["right-password.yaml", "wrong-password.yaml"]);
    const { remarked, code } = await stepwire(["generate", "--output", file], GHERKIN);
    expect(remarked).toContain("--force");
    expect(code).toBe(2);
  });

  test.for([
    [["generate"], "The description is empty"],
    [["generate", "--file", "/no/such/file"], "--file: /no/such/file cannot be read (ENOENT)."],
    [["generate", "words", "--file", "x"], "not both"],
    [["generate", "--url", "shop", DESCRIPTION], '--url: "shop" is no http or https URL'],
    [["generate", "--format", "xml", DESCRIPTION], "--format: 'xml'"],
    [["generate", "--server", "http://127.0.0.1:1", DESCRIPTION], "does not answer"],
  ] as const)("says what is wrong with %j", async ([line, problem], { stepwire }) => {
    const { said, remarked, code } = await stepwire([...line]);
    expect(remarked).toContain(problem);
    expect({ said, code }).toEqual({ said: "", code: 2 });
  });

  test("on a server, the server keeps the case as well", async ({ stepwire }) => {
    const testApp = await startApp({}, { pool: new FakePool(1) });
    try {
      const line = ["generate", "--server", `http://${testApp.address}`, DESCRIPTION];
      const { said, remarked, code } = await stepwire(line);
      expect(code).toBe(0);
      expect(actionsIn(said)).toEqual([["navigate", "click", "verify_text"]]);
      const [, id = ""] = /keeps it as test case (\d+)\./.exec(remarked) ?? [];
      expect(await testApp.get(`/api/test-cases/${id}`)).toMatchObject({ steps_count: 2 });
    } finally {
      await testApp.close();
    }
  });
});
