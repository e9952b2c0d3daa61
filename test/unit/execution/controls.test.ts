import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { notPaused, notUnderWay, type Controller } from "../../../src/execution/active-runs.js";
import { RunControls, type LocalRuns } from "../../../src/execution/controls.js";
import type {
  ControlOutcome,
  ControlRequest,
  ControlStore,
  RunControl,
} from "../../../src/execution/ports.js";
import { InProcessWakes } from "../../../src/wakes/in-process.js";
import { CONTROLS } from "../../../src/wakes/ports.js";
import { silentLog } from "../../support/silent-log.js";

const OWNER: Controller = { principal: "ada", scopes: new Set() };
const SOMEBODY: Controller = { principal: "bob", scopes: new Set() };
const ADMIN: Controller = { principal: "root", scopes: new Set(["admin"]) };

/** The table of requests, as all servers see it. */
class Table implements ControlStore {
  readonly runs = new Map([["r", { principal: "ada" }]]);
  readonly requests = new Map<string, ControlRequest & { isTaken: boolean; outcome?: ControlOutcome }>();

  findUnfinished(runId: string) {
    return Promise.resolve(this.runs.get(runId));
  }

  request(request: ControlRequest) {
    this.requests.set(request.id, { ...request, isTaken: false });
    return Promise.resolve(this.runs.has(request.runId));
  }

  takeRequests() {
    const open = [...this.requests.values()].filter(({ isTaken }) => !isTaken);
    for (const request of open) request.isTaken = true;
    return Promise.resolve(open);
  }

  answer(id: string, outcome: ControlOutcome) {
    const request = this.requests.get(id);
    if (request) request.outcome = outcome;
    return Promise.resolve();
  }

  findOutcome(id: string) {
    return Promise.resolve(this.requests.get(id)?.outcome);
  }

  withdraw(id: string) {
    const isOpen = this.requests.get(id)?.isTaken === false;
    this.requests.delete(id);
    return Promise.resolve(isOpen);
  }
}

/** The runs of a server, and what was done to them. */
class Runs {
  readonly done: string[] = [];
  isPaused = false;
  readonly local: LocalRuns;

  constructor(ids: readonly string[]) {
    const act =
      (control: RunControl, needsPause = false) =>
      (runId: string) => {
        if (!ids.includes(runId)) throw notUnderWay(runId);
        if (needsPause && !this.isPaused) throw notPaused(runId);
        this.done.push(`${control} ${runId}`);
      };
    this.local = {
      cancel: act("cancel"),
      pause: act("pause"),
      resume: act("resume", true),
      step: act("step", true),
      has: (runId) => ids.includes(runId),
      isIdle: ids.length === 0,
    };
  }
}

let table: Table;
let wakes: InProcessWakes;
let runs: Runs;
let owner: RunControls;
let asked: RunControls;

beforeEach(() => {
  table = new Table();
  wakes = new InProcessWakes();
  runs = new Runs(["r"]);
  owner = new RunControls({ execution: runs.local, store: table, wakes, log: silentLog });
  asked = new RunControls({ execution: new Runs([]).local, store: table, wakes, log: silentLog });
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([owner.stop(), asked.stop()]);
});

describe("a run of another server", () => {
  beforeEach(() => {
    owner.start();
  });

  test("is cancelled, paused, resumed and stepped there", async () => {
    for (const control of ["cancel", "pause"] as const) await asked.control(control, "r", OWNER);
    runs.isPaused = true;
    for (const control of ["resume", "step"] as const) await asked.control(control, "r", ADMIN);
    expect(runs.done).toEqual(["cancel r", "pause r", "resume r", "step r"]);
    expect(table.requests.size).toBe(0);
  });

  test("that is not paused can neither be resumed nor stepped", async () => {
    await expect(asked.control("resume", "r", OWNER)).rejects.toMatchObject({ code: "run_not_paused" });
    await expect(asked.control("step", "r", OWNER)).rejects.toMatchObject({ code: "run_not_paused" });
  });

  test("is nobody else's to control, and nothing is asked of its server then", async () => {
    await expect(asked.control("cancel", "r", SOMEBODY)).rejects.toMatchObject({ code: "forbidden" });
    expect(table.requests.size).toBe(0);
    expect(runs.done).toEqual([]);
  });

  test("that is over, or that there never was, is not found", async () => {
    await expect(asked.control("cancel", "unknown", OWNER)).rejects.toMatchObject({ code: "run_not_found" });
    table.runs.set("over here", { principal: "ada" });
    await expect(asked.control("cancel", "over here", OWNER)).rejects.toMatchObject({
      code: "run_not_found",
    });
  });
});

describe("a server that does not answer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  test("gives the error with the remedy, and never does later what nobody waits for", async () => {
    const failure = asked.control("step", "r", OWNER).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await failure).toMatchObject({
      code: "run_unreachable",
      message: expect.stringMatching(/Try again; if it is gone, another server ends the run 30 s after/),
      retryAfterMs: 5_000,
    });
    runs.isPaused = true;
    owner.start();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(runs.done).toEqual([]);
  });

  test("and has taken the request: whether it was carried out is not known", async () => {
    const failure = asked.control("step", "r", OWNER).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(0);
    await table.takeRequests();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await failure).toMatchObject({ message: expect.stringContaining("is not known") });
  });

  test("because it is gone, and its run has got its verdict meanwhile", async () => {
    const failure = asked.control("cancel", "r", OWNER).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_000);
    table.runs.clear();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await failure).toMatchObject({ code: "run_not_found" });
  });

  test("is waited for no longer than the one that was asked lives", async () => {
    const failure = asked.control("cancel", "r", OWNER).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    await asked.stop();
    expect(await failure).toMatchObject({ code: "server_stopping" });
  });
});

test("a wake that is lost costs a moment, not the request", async () => {
  vi.useFakeTimers();
  const deaf = new InProcessWakes();
  const other = new RunControls({ execution: runs.local, store: table, wakes: deaf, log: silentLog });
  other.start();
  const done = asked.control("pause", "r", OWNER);
  await vi.advanceTimersByTimeAsync(4_500);
  await done;
  expect(runs.done).toEqual(["pause r"]);
  await other.stop();
});

test("a server without others controls its own runs only", async () => {
  const sole = new RunControls({ execution: runs.local, store: undefined, wakes, log: silentLog });
  sole.start();
  await sole.control("cancel", "r", OWNER);
  expect(runs.done).toEqual(["cancel r"]);
  await expect(sole.control("cancel", "unknown", OWNER)).rejects.toMatchObject({ code: "run_not_found" });
  wakes.wake(CONTROLS);
  await sole.stop();
});
