import { expect, test } from "vitest";
import type { Script } from "../../../src/protocol/commands.js";
import type { PageSnapshot, ScriptOutcome, SeenNode } from "../../../src/runner/ports.js";
import { trySentence, type Surroundings } from "../../../src/generation/live/try-sentence.js";
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

interface Options {
  hosts?: string[];
  description?: string;
  help?: Surroundings["help"];
}

/** Tries "Click Save" on a page that looks otherwise each time, and ends otherwise each time. */
async function tryOn(
  looks: PageSnapshot[],
  outcomes: ScriptOutcome[],
  { hosts = [], description = "Click Save.", help }: Options = {},
) {
  const [clause] = await readTexts({ description, expectedResult: "" }, new AbortController().signal);
  if (clause === undefined) throw new Error("no clause");
  const performed: Script[] = [];
  const last = <T>(list: T[]): T => (list.length > 1 ? list.shift() : list[0]) as T;
  const page = new FakePage();
  await page.navigate("http://app.test/", new AbortController().signal);
  const tried = await trySentence(clause, {
    page,
    hosts,
    help,
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
  const { tried, targets } = await tryOn([snapshotWith(button("a"))], [PASSED], { hosts: ["shop.test"] });
  expect(tried).toMatchObject({ outcome: "not_verified" });
  expect(tried.message).toContain("'app.test'");
  expect(targets).toEqual([]);
});

/** A model that answers with these commands, one script after the other, and what it was asked. */
function answering(...scripts: Script[]) {
  const attempts: { done: Script; failed?: { commands: Script; message: string } }[] = [];
  const help: Surroundings["help"] = {
    read: (_clause, lost, { attempt }) => {
      attempts.push(attempt);
      const left = scripts.shift();
      if (left === undefined) return Promise.resolve(lost);
      return Promise.resolve({ kind: "commands", commands: [...attempt.done, ...left], isByModel: true });
    },
  };
  return { help, attempts };
}

const clickOn = (id: string): Script[number] => ({ action: "click", locator_type: "id", locator_value: id });
const see = (id: string): Script[number] => ({
  ...{ action: "verify_text", locator_type: "id", locator_value: id },
  expected_text: "Saved",
});
const LOOKS = [snapshotWith(button("a"))];

test("what a model reads is corrected at most twice, with what came of it", async () => {
  const { help, attempts } = answering([clickOn("a")], [clickOn("b")], [clickOn("c")], [clickOn("d")]);
  const { tried, targets } = await tryOn(LOOKS, [FAILED], { description: "Frobnicate it.", help });
  expect(tried).toMatchObject({ outcome: "not_verified", isByModel: true, message: "it was not there" });
  expect(targets).toEqual(["a", "b", "c"]);
  expect(attempts.map(({ failed }) => failed?.message)).toEqual([undefined, FAILED.message, FAILED.message]);
});

test("a model that corrects a sentence does nothing twice, and drops no check", async () => {
  const passing: ScriptOutcome = { verdict: "failed", message: "not seen", command: 2 };
  const kept = answering([clickOn("a"), see("x")], [clickOn("b"), see("y")]);
  const corrected = await tryOn(LOOKS, [passing, PASSED], { description: "Frobnicate it.", help: kept.help });
  expect(corrected.tried).toMatchObject({ outcome: "verified" });
  expect(corrected.targets).toEqual(["a", "b"]);
  expect(kept.attempts[1]?.done).toMatchObject([clickOn("a")]);

  const dropped = answering([clickOn("a"), see("x")], [clickOn("b")]);
  const lost = await tryOn(LOOKS, [passing, PASSED], { description: "Frobnicate it.", help: dropped.help });
  expect(lost.tried).toMatchObject({ outcome: "not_verified", message: "not seen" });
  expect(lost.targets).toEqual(["a"]);
});

test("rules come first, and of several elements a model chooses none", async () => {
  const { help, attempts } = answering([clickOn("b")]);
  expect((await tryOn(LOOKS, [PASSED], { help })).tried).toMatchObject({ outcome: "verified" });
  expect(attempts).toEqual([]);
});
