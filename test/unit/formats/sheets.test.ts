import { describe, expect, it } from "vitest";
import { readDocument } from "../../../src/formats/read-document.js";
import { texts, writtenCase, writtenCases } from "../../support/written-cases.js";

describe("CSV", () => {
  it("is a case a row, with lists of steps and of results in its cells", async () => {
    const { format, cases } = await writtenCases(`ID,Title,Preconditions,Steps,Expected Result,Priority
C1,Log in,"A user exists","1. Open https://a.test/login
2. Type tom into Username
3. Type x into Password
4. Click Login","1. The page shows ""Login""
2. N/A
3. -
4. The page shows ""Hi""",High
C2,Log out,,"1. Open https://a.test
2. Click Logout",The page shows Bye,Low
`);
    expect(format).toBe("csv");
    expect(cases.map(({ told }) => [told.name, texts(told.preconditions), texts(told.details)])).toEqual([
      ["Log in", ["A user exists"], ["ID: C1", "Priority: High"]],
      ["Log out", [], ["ID: C2", "Priority: Low"]],
    ]);
    expect(cases[0]?.rows).toEqual([
      [
        "Open https://a.test/login. Type tom into Username. Type x into Password. Click Login",
        'The page shows "Login". The page shows "Hi"',
        "navigate verify_text input input click verify_text",
      ],
    ]);
    expect(cases[1]?.rows.map(([, expected, actions]) => [expected, actions])).toEqual([
      ["The page is open", "navigate"],
      ["The page shows Bye", "click verify_text"],
    ]);
  });

  it("is a step a row under the case that was named last, as Azure and Xray export it", async () => {
    const { cases } = await writtenCases(`ID;Work Item Type;Title;Test Step;Step Action;Step Expected
12;Test Case;Search;;;
;;;1;Open https://a.test;The page shows Search
;;;2;"Click ""Go""";
13;Test Case;Help;;;
;;;1;Open https://a.test/help;
`);
    expect(cases.map(({ told, rows }) => [told.name, rows.map(([, , actions]) => actions)])).toEqual([
      ["Search", ["navigate verify_text", "click"]],
      ["Help", ["navigate"]],
    ]);
  });

  it("is one case where its columns name none", async () => {
    const { cases } = await writtenCases(
      "Step,Action,Data,Result\n1,Open https://a.test,,\n2,Enter a username,tom,",
    );
    expect(cases).toHaveLength(1);
    expect(cases[0]?.steps[1]?.commands).toMatchObject([{ action: "input", text: "tom" }]);
  });

  it("loses no cell", async () => {
    const { warnings, told, steps } = await writtenCase(
      "Step,Action,Expected,Status\n1,Click A,B is shown,passed,stray\n2,Click C,,\n",
    );
    expect(texts(told.details)).toEqual(["Status: passed"]);
    expect(warnings).toContain("Line 2: no column has a heading for “stray”, so it is not carried out.");
    expect(steps).toHaveLength(2);
  });

  it("is refused with the line of a quotation mark that stays open", () => {
    expect(() => readDocument('Action,Expected\n"Click A,B is shown\n')).toThrow(
      /opening quote at line \d.*Close every/,
    );
  });

  it("is not seen in sentences with commas", () => {
    expect(readDocument("Open https://a.test, click Steps, expected is nothing").format).toBe("text");
  });
});

describe("cells of a spreadsheet", () => {
  it("keep their lines and quotation marks", async () => {
    const { format, rows, warnings } = await writtenCase(
      'Step\tAction\tExpected result\n1\tOpen https://a.test\t\n2\t"Click ""Save""\nClick Close"\t"The page shows ""Saved""\nThe ""Close"" button is not visible"\n',
    );
    expect(format).toBe("tsv");
    expect(rows).toEqual([
      ["Open https://a.test", "The page is open", "navigate"],
      [
        'Click "Save". Click Close',
        'The page shows "Saved". The "Close" button is not visible',
        "click click verify_text verify_hidden",
      ],
    ]);
    expect(warnings).toEqual([]);
  });

  it("without headings are read as actions and results, and say so", async () => {
    const { format, rows, warnings } = await writtenCase(
      "Open https://a.test\tThe page shows Aha\nClick B\tC is shown",
    );
    expect(format).toBe("tsv");
    expect(rows.map(([, , actions]) => actions)).toEqual(["navigate verify_text", "click verify_text"]);
    expect(warnings).toEqual([expect.stringContaining("The table has no headings")]);
  });
});
