import { describe, expect, it } from "vitest";
import { readRows } from "../../../src/generation/openai/answer.js";
import { SentenceReader } from "../../../src/generation/openai/written-sentences.js";
import { hasRows, rowsOf } from "../../../src/generation/openai/rows.js";
import { told } from "../../support/told.js";

const TABLE = told(
  "| Action | Expected |\n|---|---|\n| Open https://a.test | |\n| Log in as tom with password x | |\n| Click Save | The page shows “Saved” |\n| Click Close | |",
);

const step = (rows: unknown, expected = "Seen"): object => ({
  rows,
  description: "Do it",
  expected_result: expected,
  commands: [{ action: "click", locator_type: "text", locator_value: "Save" }],
});

const sentences = new SentenceReader({ own: "", baseUrl: undefined, signal: new AbortController().signal });
const read = (...steps: object[]) =>
  readRows(JSON.stringify({ steps, warnings: [] }), TABLE.steps, sentences);

describe("the rows of a document", () => {
  it("are what the model gets, with what has to hold before them", () => {
    expect(
      rowsOf(
        told("Preconditions: Tom exists\nSteps:\n1. Open https://a.test\n2. Click A\nExpected: B is shown"),
      ),
    ).toEqual({
      preconditions: ["Tom exists"],
      rows: [
        { row: 1, description: "Open https://a.test", expected_result: "" },
        { row: 2, description: "Click A", expected_result: "B is shown" },
      ],
    });
  });

  it("are not made of prose", () => {
    expect(hasRows(told("Test login functionality"))).toBe(false);
    expect(hasRows(TABLE)).toBe(true);
  });

  it("keep their number and the author's expected results", async () => {
    const reading = await read(step([1, 2]), step([3], "It is saved"), step([4], "It is closed"));
    expect(reading).toMatchObject({
      ok: true,
      value: {
        steps: [
          { expectedResult: "Seen" },
          { expectedResult: "The page shows “Saved”" },
          { expectedResult: "It is closed" },
        ],
      },
    });
    expect(JSON.stringify(reading)).not.toContain('"rows"');
  });

  it.each([
    ["one that is left out", [step([1, 2]), step([3])], /have to be 1 to 4/],
    ["one that comes twice", [step([1, 2]), step([3]), step([3]), step([4])], /have to be 1 to 4/],
    ["none at all", [step(undefined)], /have to be 1 to 4/],
    ["two in a step after the login", [step([1, 2]), step([3, 4])], /only step 1 may hold several rows/],
  ])("refuse an answer with %s", async (_, steps, problem) => {
    const reading = await read(...steps);
    expect(reading.ok ? "" : reading.problems.join()).toMatch(problem);
  });
});
