import { expect, test } from "vitest";
import { EventLog } from "../../../src/execution/event-log.js";
import { Gate } from "../../../src/execution/gate.js";
import type { Observer } from "../../../src/execution/observers/observer.js";
import { Observers } from "../../../src/execution/observers/observers.js";
import { performStep } from "../../../src/execution/perform-step.js";
import type { RunScope } from "../../../src/execution/run-scope.js";
import type { Script } from "../../../src/protocol/commands.js";
import { performScript } from "../../../src/runner/perform-script.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { FakePool } from "../../support/fake-browser.js";
import { MemoryArtifacts, MemoryStore } from "../../support/memory-store.js";
import { silentLog } from "../../support/silent-log.js";
import { latch, step } from "./set-up.js";

const say = (message: string): Script[number] => ({ action: "log", message });
const expecting = (expected_value: string, soft = false): Script[number] => ({
  action: "verify_variable",
  variable: "color",
  expected_value,
  ...(soft && { soft }),
});

/** An observer that writes down what it is told. */
class Recorder implements Observer {
  readonly told: string[] = [];

  stepBegun({ id }: { id: number }): void {
    this.told.push(`step ${id}`);
  }

  commandBegun(number: number, _command: unknown, message: string): void {
    this.told.push(`${number} begun: ${message}`);
  }

  commandEnded(number: number, { verdict, endsStep }: { verdict: string; endsStep: boolean }): void {
    this.told.push(`${number} ${verdict}${endsStep ? ", the last" : ""}`);
  }

  settle(): Promise<void> {
    this.told.push("settle");
    return Promise.resolve();
  }

  scriptEnded({ command, wantsEvidence }: { command: number | undefined; wantsEvidence: boolean }): void {
    this.told.push(`script ended at ${command}${wantsEvidence ? ", evidence is wanted" : ""}`);
  }
}

/** The scope of an attempt in a fake browser session. */
async function scopeOf(observer: Observer, overrides: Partial<RunScope> = {}): Promise<RunScope> {
  const { signal } = new AbortController();
  const session = await new FakePool(1).acquire(signal);
  const variables = new RunVariables({ env: {}, secrets: { PIN: "1234567" } });
  variables.set("color", "red");
  const eventLog = new EventLog({ store: new MemoryStore(), log: silentLog });
  return {
    runId: "run",
    runLog: eventLog.open({ id: "run", requestId: null }),
    session,
    page: session.page,
    gate: new Gate(),
    signal,
    cancelled: signal,
    variables,
    memory: {},
    takePicture: (until) => session.page.screenshot(until),
    commandTimeoutMs: 1_000,
    dialogs: "fail",
    stepTimeoutMs: 60_000,
    allowedHosts: [],
    uploadsDir: undefined,
    performScript,
    artifacts: new MemoryArtifacts(),
    observers: new Observers([observer], silentLog),
    log: silentLog,
    ...overrides,
  };
}

const planned = (commands: Script, login?: Script) => ({
  step: step(11, 2, null),
  commands,
  checks: 0,
  title: "Executing Step 2...",
  ...(login && { login }),
});

test("an observer is told of each command of a step once, those of its login counted", async () => {
  const recorder = new Recorder();
  const scope = await scopeOf(recorder);
  const outcome = await performStep(planned([say("b"), expecting("red")], [say("a")]), scope);
  expect(outcome).toMatchObject({ verdict: "passed", artifacts: [] });
  expect(recorder.told).toEqual([
    "step 11",
    "1 begun: a",
    "1 passed",
    "2 begun: b",
    "2 passed",
    "3 begun: Verify that the variable 'color' is \"red\"",
    "3 passed",
    "script ended at undefined",
  ]);
});

test("an observer tells a command that fails softly from the one that ends the step", async () => {
  const recorder = new Recorder();
  const scope = await scopeOf(recorder);
  const script = [expecting("green", true), expecting("blue"), say("never")];
  const outcome = await performStep(planned(script), scope);
  expect(outcome.verdict).toBe("failed");
  expect(recorder.told.filter((line) => !line.includes("begun"))).toEqual([
    "step 11",
    "1 failed",
    "2 failed, the last",
    "script ended at 1, evidence is wanted",
  ]);
});

test("an observer hears how the command ended that was under way when the run was cancelled", async () => {
  const recorder = new Recorder();
  const cancel = new AbortController();
  const scope = await scopeOf(recorder, { signal: cancel.signal, cancelled: cancel.signal });
  const running = performStep(planned([{ action: "wait", duration: 60 }]), scope);
  await new Promise(setImmediate);
  cancel.abort(new Error("Cancelled"));
  expect(await running).toMatchObject({ verdict: "error", errorMessage: "Cancelled" });
  expect(recorder.told.slice(-2)).toEqual(["1 error, the last", "script ended at 1"]);
});

test("observers have to settle before each command of a step that uses secrets, and of no other", async () => {
  const recorder = new Recorder();
  await performStep(planned([say("a"), say("${secret.PIN}")]), await scopeOf(recorder));
  expect(recorder.told.filter((line) => line === "settle")).toHaveLength(2);
  const other = new Recorder();
  await performStep(planned([say("a"), say("b")]), await scopeOf(other));
  expect(other.told).not.toContain("settle");
});

test("what an observer keeps is awaited before the verdict, which lists it and is no other for it", async () => {
  const saving = latch();
  const saved = latch();
  const observer: Observer = {
    async stepEnded() {
      saving.open();
      await saved.opened;
      return [{ kind: "console", url: "/kept" }];
    },
    commandEnded() {
      throw new Error("an observer's own fault");
    },
  };
  let isOver = false;
  const running = performStep(planned([say("a")]), await scopeOf(observer)).finally(() => (isOver = true));
  await saving.opened;
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  saved.open();
  expect(await running).toMatchObject({
    verdict: "passed",
    errorMessage: null,
    artifacts: [{ kind: "console", url: "/kept" }],
  });
});
