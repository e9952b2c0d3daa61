import { pino } from "pino";
import { expect, test } from "vitest";
import type { Observer, StepEnding } from "../../../../src/execution/observers/observer.js";
import { Observers } from "../../../../src/execution/observers/observers.js";
import type { Command } from "../../../../src/protocol/commands.js";
import { silentLog } from "../../../support/silent-log.js";
import { latch, step } from "../set-up.js";

const FAILED: StepEnding = { verdict: "failed", command: 1, wantsEvidence: true };
const COMMAND: Command = { action: "log", message: "a" };

test("observers are told of each event in their order, and each may leave out what it does not care for", async () => {
  const told: string[] = [];
  const teller = (name: string): Observer => ({
    commandBegun: (number) => told.push(`${name}: ${number} begun`),
    commandEnded: (number, { verdict }) => told.push(`${name}: ${number} ${verdict}`),
  });
  const all = new Observers([teller("first"), {}, teller("last")], silentLog);
  all.stepBegun(step(11, 1, null));
  all.commandBegun(1, COMMAND, "a");
  all.commandEnded(1, { verdict: "passed", errorMessage: null, endsStep: false });
  all.artifactMade(1, { kind: "download", name: "a.pdf", path: "/a.pdf" });
  all.scriptEnded(FAILED);
  await all.settle();
  await all.close();
  expect(told).toEqual(["first: 1 begun", "last: 1 begun", "first: 1 passed", "last: 1 passed"]);
});

test("observers keep things beside each other, and what they kept is listed in their order", async () => {
  const slow = latch();
  const observers: Observer[] = [
    {
      async stepEnded() {
        await slow.opened;
        return [{ kind: "screenshot", url: "/1" }];
      },
    },
    {
      async stepEnded() {
        slow.open();
        return [{ kind: "commands", url: "/2" }];
      },
      attemptEnded: async (verdict) => (verdict === "passed" ? [] : [{ kind: "video", url: "/3" }]),
    },
  ];
  const all = new Observers(observers, silentLog);
  expect(await all.stepEnded(FAILED)).toEqual([
    { kind: "screenshot", url: "/1" },
    { kind: "commands", url: "/2" },
  ]);
  expect(await all.attemptEnded("failed")).toEqual([{ kind: "video", url: "/3" }]);
  expect(await all.attemptEnded("passed")).toEqual([]);
});

test("an observer that fails is logged, and keeps nobody else from anything", async () => {
  const lines: { msg: string; err: { message: string } }[] = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) });
  const told: string[] = [];
  const broken = new Proxy<Observer>(
    {},
    {
      get: (_target, event) => () => {
        throw new Error(String(event));
      },
    },
  );
  const rejecting: Observer = { stepEnded: () => Promise.reject(new Error("late")) };
  const sound: Observer = {
    commandBegun: (number) => told.push(`${number} begun`),
    commandEnded: (number) => told.push(`${number} ended`),
    stepEnded: async () => [{ kind: "console", url: "/1" }],
    close: async () => void told.push("closed"),
  };
  const all = new Observers([broken, rejecting, sound], log);
  all.stepBegun(step(11, 1, null));
  all.commandBegun(1, COMMAND, "a");
  all.commandEnded(1, { verdict: "passed", errorMessage: null, endsStep: false });
  await all.settle();
  all.scriptEnded(FAILED);
  expect(await all.stepEnded(FAILED)).toEqual([{ kind: "console", url: "/1" }]);
  await all.close();
  expect(told).toEqual(["1 begun", "1 ended", "closed"]);
  expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(["an observer of a run failed"]));
  expect(lines.map(({ err }) => err.message)).toEqual([
    "stepBegun",
    "commandBegun",
    "commandEnded",
    "settle",
    "scriptEnded",
    "stepEnded",
    "late",
    "close",
  ]);
});
