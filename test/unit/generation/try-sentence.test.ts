import { expect, test } from "vitest";
import type { Script } from "../../../src/protocol/commands.js";
import type { PageSnapshot, ScriptOutcome, SeenNode } from "../../../src/runner/ports.js";
import { trySentence } from "../../../src/generation/live/try-sentence.js";
import { readTexts } from "../../../src/generation/plain-english/description.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { FakePage } from "../../support/fake-browser.js";

const FAILED: ScriptOutcome = { verdict: "failed", message: "it was not there", command: 1 };
const PASSED: ScriptOutcome = { verdict: "passed" };

function button(id: string): SeenNode {
  const locators = [{ locator_type: "id" as const, locator_value: id }];
  return { ref: id, kind: "control", role: "button", name: "Save", states: [], hints: [], locators };
}

function snapshotWith(...nodes: SeenNode[]): PageSnapshot {
  return { url: "http://app.test/", title: "App", nodes, frames: [], leftOut: 0 };
}

/** Tries "Click Save" on a page that looks otherwise each time, and ends otherwise each time. */
async function tryOn(looks: PageSnapshot[], outcomes: ScriptOutcome[], hosts: string[] = []) {
  const [clause] = await readTexts(
    { description: "Click Save.", expectedResult: "" },
    new AbortController().signal,
  );
  if (clause === undefined) throw new Error("no clause");
  const performed: Script[] = [];
  const last = <T>(list: T[]): T => (list.length > 1 ? list.shift() : list[0]) as T;
  const page = new FakePage();
  await page.navigate("http://app.test/", new AbortController().signal);
  const tried = await trySentence(clause, {
    page,
    hosts,
    takeSnapshot: () => Promise.resolve(last(looks)),
    variables: new RunVariables({ env: {}, secrets: {} }),
    step: {
      signal: new AbortController().signal,
      perform: (commands) => {
        performed.push(commands);
        return Promise.resolve(last(outcomes));
      },
      takePicture: () => Promise.resolve(undefined),
    },
  });
  const targets = performed.map(([command]) => (command as { locator_value?: string }).locator_value);
  return { tried, targets };
}

test("a sentence that passes is done once", async () => {
  const { tried, targets } = await tryOn([snapshotWith(button("a"))], [PASSED]);
  expect(tried).toMatchObject({ outcome: "verified", message: null });
  expect(targets).toEqual(["a"]);
});

test("one that fails is corrected where the page shows the element elsewhere by then", async () => {
  const looks = ["a", "b"].map((id) => snapshotWith(button(id)));
  const { tried, targets } = await tryOn(looks, [FAILED, PASSED]);
  expect(tried).toMatchObject({ outcome: "verified" });
  expect(targets).toEqual(["a", "b"]);
});

test("one that goes on failing is corrected twice and kept with its last commands", async () => {
  const looks = ["a", "b", "c", "d"].map((id) => snapshotWith(button(id)));
  const { tried, targets } = await tryOn(looks, [FAILED]);
  expect(tried).toMatchObject({ outcome: "not_verified", message: "it was not there" });
  expect(targets).toEqual(["a", "b", "c"]);
  expect(tried.clause.meaning.commands).toMatchObject([{ action: "click", locator_value: "c" }]);
});

test("nothing is done a second time on a page that has not changed", async () => {
  const { tried, targets } = await tryOn([snapshotWith(button("a"))], [FAILED]);
  expect(tried).toMatchObject({ outcome: "not_verified" });
  expect(targets).toEqual(["a"]);
});

test("of several elements none is chosen", async () => {
  const { tried, targets } = await tryOn([snapshotWith(button("a"), button("b"))], [PASSED]);
  expect(tried).toMatchObject({ outcome: "not_understood" });
  expect(tried.candidates).toHaveLength(2);
  expect(tried.clause.meaning.commands).toMatchObject([{ action: "not_understood" }]);
  expect(targets).toEqual([]);
});

test("nothing is done on a host that nobody has named", async () => {
  const { tried, targets } = await tryOn([snapshotWith(button("a"))], [PASSED], ["shop.test"]);
  expect(tried).toMatchObject({ outcome: "not_verified" });
  expect(tried.message).toContain("'app.test'");
  expect(targets).toEqual([]);
});
