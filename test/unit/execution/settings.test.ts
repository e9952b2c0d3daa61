import { expect, test } from "vitest";
import { script } from "../../support/fake-runner.js";
import { Bench, step } from "./set-up.js";

test.each([
  { typingDelay: 40, keyDelayMs: 40 },
  { typingDelay: 0, keyDelayMs: 0 },
  { typingDelay: null, keyDelayMs: 15 },
])("a case's $typingDelay ms between keys come before the server's", async ({ typingDelay, keyDelayMs }) => {
  const bench = new Bench([{ ...step(1, 1, script("type")), typingDelay }], { keyDelayMs: 15 });
  const seen: unknown[] = [];
  bench.runner.behaviours.set("type", (scope) => {
    seen.push(scope.keyDelayMs);
    return undefined;
  });
  await bench.startCase();
  await bench.next("all_steps_complete");
  expect(seen).toEqual([keyDelayMs]);
});
