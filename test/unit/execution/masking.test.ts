import { expect, test } from "vitest";
import { Mask } from "../../../src/execution/masking.js";
import { RunVariables } from "../../../src/runner/variables.js";

function maskOf(secret: string): Mask {
  const variables = new RunVariables({ env: {}, secrets: { S: secret } });
  variables.fillIn("${secret.S}");
  const mask = new Mask();
  mask.add(variables);
  return mask;
}

test("an event's texts are masked, the server's own words are not", () => {
  const mask = maskOf("passed");
  const event = {
    type: "execution_complete",
    status: "passed",
    error_message: "it has passed",
    artifacts: [{ kind: "screenshot", url: "/api/artifacts/passed" }],
    step_id: 1,
    actual_result: null,
  };
  expect(mask.event(event)).toEqual({ ...event, error_message: "it has ***" });
});

test("values are masked at any depth, their addresses included", () => {
  const mask = maskOf("p&ss word");
  const records = [{ at: 1, url: "http://a.test/?q=p%26ss+word", deep: { list: ["p&ss word", 2, null] } }];
  expect(mask.all(records)).toEqual([
    { at: 1, url: "http://a.test/?q=***", deep: { list: ["***", 2, null] } },
  ]);
});

test("a verdict's texts are masked, and nothing else of it", () => {
  const mask = maskOf("run-1");
  const result = { runId: "run-1", errorMessage: "Step 1: run-1", finishedAt: new Date() };
  expect(mask.result(result)).toEqual({ ...result, errorMessage: "Step 1: ***" });
  expect(mask.result({ errorMessage: null, actualResult: "run-1" })).toEqual({
    errorMessage: null,
    actualResult: "***",
  });
});

test("the secrets of every attempt stay masked", () => {
  const mask = maskOf("first");
  const second = new RunVariables({ env: {}, secrets: { S: "second" } });
  mask.add(second);
  second.fillIn("${secret.S}");
  expect(mask.text("first and second")).toBe("*** and ***");
});

test("what a page tells while a secret is typed is masked too", () => {
  const mask = maskOf("swordfish");
  const records = [{ at: 1, text: "typed swor", url: "http://a.test/?q=sw%6Frd&n=1" }];
  expect(mask.records(records)).toEqual([{ at: 1, text: "typed ***", url: "http://a.test/?q=***&n=1" }]);
  expect(mask.all(records)).toEqual(records);
});

test("a long text is masked for every attempt", async () => {
  const mask = maskOf("first");
  const second = new RunVariables({ env: {}, secrets: { S: "second" } });
  mask.add(second);
  second.fillIn("${secret.S}");
  const filling = "漢".repeat(300_000);
  expect(await mask.longText(`first${filling}second`)).toBe(`***${filling}***`);
});
