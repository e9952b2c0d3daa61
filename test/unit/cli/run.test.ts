import { describe, expect, test } from "vitest";
import { toRunOptions, type GivenOptions } from "../../../src/cli/run/options.js";
import { performAll } from "../../../src/cli/run/perform-all.js";
import { select } from "../../../src/cli/run/selection.js";
import { unjudged } from "../../../src/cli/run/outcome.js";
import type { SelectedTest, TestOutcome, TestRuns } from "../../../src/cli/run/test-runs.js";

const GIVEN: GivenOptions = { var: [], reporter: "list", output: "out" };

test("targets are told apart by their form", () => {
  expect(toRunOptions(["5", "@smoke", "cases/a.yaml", "05", "@"], GIVEN).targets).toEqual({
    ids: [5],
    tags: ["smoke"],
    paths: ["cases/a.yaml", "05", "@"],
  });
});

test("values of variables may hold anything", () => {
  expect(toRunOptions([], { ...GIVEN, var: ["A=b=c", "D="] }).variables).toEqual({ A: "b=c", D: "" });
});

test("a browser may be named with its version", () => {
  const browserOf = (browser: string) => toRunOptions([], { ...GIVEN, browser });
  expect(browserOf("firefox")).toMatchObject({ browser: "firefox", browserVersion: undefined });
  expect(browserOf("chrome@128.0")).toMatchObject({ browser: "chrome", browserVersion: "128.0" });
});

describe("an option that cannot be used is named", () => {
  test.each<[Partial<GivenOptions>, string]>([
    [{ server: "stepwire" }, "--server:"],
    [{ server: "http://h", headed: true }, "--headed and --slow"],
    [{ var: ["1=2"] }, "--var:"],
    [{ parallel: "0" }, "--parallel:"],
    [{ retries: "6" }, "--retries:"],
    [{ server: "http://h", priority: "10" }, '--priority: "10" is no whole number from 0 to 9'],
    [{ priority: "9" }, "--priority is for tests that wait on a server"],
    [{ browser: "netscape" }, '--browser: "netscape" is none of chrome, edge, firefox'],
    [{ browser: "chrome@" }, "--browser:"],
    [{ slow: "-1" }, "--slow:"],
    [{ shard: "5/4" }, "--shard:"],
    [{ shard: "0/0" }, "--shard:"],
    [{ grep: "(" }, "--grep:"],
    [{ reporter: "list,pdf" }, '--reporter: there is no "pdf"'],
    [{ reporter: "," }, "--reporter: names none"],
  ])("%j", (options, problem) => {
    expect(() => toRunOptions([], { ...GIVEN, ...options })).toThrow(problem);
  });
});

test("shards hold each test once, and grep comes first", () => {
  const tests = ["a1", "b", "a2", "a3"].map((name) => ({ name }));
  const part = (index: number) =>
    select(tests, { grep: /^A/iu, shard: { index, count: 2 } }).map(({ name }) => name);
  expect([part(1), part(2)]).toEqual([["a1", "a3"], ["a2"]]);
});

const PASSED: TestOutcome = { ...unjudged(""), status: "passed" };

/** Performs tests a, b and c, and tells what happened. */
async function perform(
  outcomes: Record<string, TestOutcome>,
  options: { failFast?: boolean; stopAt?: string } = {},
): Promise<string[]> {
  const told: string[] = [];
  const controller = new AbortController();
  const tests = ["a", "b", "c"].map((name, index): SelectedTest => ({ id: index, name, place: undefined }));
  const runs = {
    tests,
    perform: async ({ name }: SelectedTest) => {
      if (name === options.stopAt) controller.abort();
      return outcomes[name] ?? PASSED;
    },
  } as Partial<TestRuns> as TestRuns;
  await performAll(runs, {
    parallel: 1,
    failFast: options.failFast ?? false,
    signal: controller.signal,
    listener: {
      testBegun: ({ name }) => told.push(`${name} begun`),
      testTold: () => undefined,
      testEnded: ({ name }, { status }) => told.push(`${name} ${status}`),
      testSkipped: ({ name }, reason) => told.push(`${name} not run: ${reason}`),
    },
  });
  return told;
}

test("with --fail-fast nothing is begun once a test has not passed", async () => {
  expect(await perform({ a: unjudged("no") }, { failFast: true })).toEqual([
    "a begun",
    "a error",
    "b not run: another test did not pass",
    "c not run: another test did not pass",
  ]);
  expect(await perform({ a: unjudged("no") })).toHaveLength(6);
});

test("an interruption lets the test under way end and begins no other", async () => {
  expect((await perform({}, { stopAt: "a" })).slice(1)).toEqual([
    "a passed",
    "b not run: interrupted",
    "c not run: interrupted",
  ]);
});
