import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/db/engine.js";
import { engineKindOf } from "../../../src/db/engines.js";
import { PrismaExecutionStore } from "../../../src/db/stores/execution-store.js";
import { LEASE_MS, LeaseLostError, type NewRun, type RunResult } from "../../../src/execution/ports.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { silentLog } from "../../support/silent-log.js";
import { databaseUrlIn, dropDatabase } from "../../support/test-databases.js";

const NOW = new Date("2026-11-29T12:00:00.000Z");
const OVER = new Date(NOW.getTime() + LEASE_MS + 1);

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let url: string;
let engine: Engine;
let caseId: number;
let stepId: number;

beforeEach(async () => {
  scratch = await scratchFolder();
  url = await databaseUrlIn(scratch.path);
  engine = await (await engineKindOf(url)).openForServer({ url, log: silentLog });
  const testCase = await engine.client.testCase.create({
    data: { name: "case", steps: { create: { stepNumber: 1, description: "step" } } },
    include: { steps: true },
  });
  caseId = testCase.id;
  stepId = testCase.steps[0]?.id ?? 0;
});
afterEach(async () => {
  await engine.close();
  await dropDatabase(url);
  await scratch.remove();
});

/** A server's store, as on a database that has room for several. */
function storeOf(owner: string): PrismaExecutionStore {
  const shared = Object.create(engine, { isSole: { value: false } }) as Engine;
  return new PrismaExecutionStore(shared, { owner });
}

/** As the one server that the lock lets in. */
function soleStoreOf(owner: string): PrismaExecutionStore {
  const sole = Object.create(engine, { isSole: { value: true } }) as Engine;
  return new PrismaExecutionStore(sole, { owner });
}

async function createRun(store: Pick<PrismaExecutionStore, "createRun">, createdAt = NOW): Promise<string> {
  const run = { kind: "case", testCaseId: caseId, testStepId: null, onFailure: "stop" } as const;
  const id = randomUUID();
  await store.createRun({ id, ...run, requestId: null, createdAt } satisfies NewRun);
  return id;
}

function event(runId: string, seq: number): RunEvent {
  return { type: "queued", position: seq, run_id: runId, seq, ts: NOW.toISOString() };
}

function events(...list: RunEvent[]) {
  return { events: list, steps: [], runs: [] };
}

function verdict(runId: string): RunResult {
  const result = { verdict: "passed", errorMessage: null, attempts: 1, flaky: false } as const;
  return { runId, ...result, finishedAt: NOW };
}

const runOf = (id: string) => engine.client.run.findUniqueOrThrow({ where: { id } });
const storedEvents = (runId: string) => engine.client.runEvent.count({ where: { runId } });

describe("a run belongs to the server that saved it", () => {
  test("with a first lease from its creation", async () => {
    const runId = await createRun(storeOf("a"));

    expect(await runOf(runId)).toMatchObject({
      owner: "a",
      leaseNumber: 1,
      leaseUntil: new Date(NOW.getTime() + LEASE_MS),
    });
  });

  test("and nobody else takes it while its lease holds, at the start or later", async () => {
    const [a, b] = [storeOf("a"), storeOf("b")];
    const runId = await createRun(a);
    const last = new Date(NOW.getTime() + LEASE_MS);

    expect(await b.takeAbandonedRuns("start", last)).toEqual([]);
    expect(await b.takeAbandonedRuns("later", last)).toEqual([]);

    await a.append(events(event(runId, 1)));
    expect(await runOf(runId)).toMatchObject({ owner: "a", status: "queued" });
  });

  test("as long as it renews, all its runs at once, but not those of others or with a verdict", async () => {
    const [a, b] = [storeOf("a"), storeOf("b")];
    const own = [await createRun(a), await createRun(a)];
    const ended = await createRun(a);
    await a.append({ ...events(event(ended, 1)), runs: [verdict(ended)] });
    const other = await createRun(b);
    const later = new Date(NOW.getTime() + 20_000);

    expect(await a.renewLeases(later)).toEqual([]);

    const untilOf = async (id: string) => (await runOf(id)).leaseUntil?.getTime();
    for (const runId of own) expect(await untilOf(runId)).toBe(later.getTime() + LEASE_MS);
    for (const runId of [ended, other]) expect(await untilOf(runId)).toBe(NOW.getTime() + LEASE_MS);
    expect((await storeOf("c").takeAbandonedRuns("later", OVER)).map(({ id }) => id)).toEqual([other]);
  });

  test("a write about a run that this server never had is refused", async () => {
    const runId = await createRun(storeOf("a"));

    await expect(storeOf("b").append(events(event(runId, 1)))).rejects.toBeInstanceOf(LeaseLostError);
    expect(await storedEvents(runId)).toBe(0);
  });
});

describe("a run whose lease is over", () => {
  test("is taken once, however many look at the same time, with its events", async () => {
    const [a, b, c] = [storeOf("a"), storeOf("b"), storeOf("c")];
    const runId = await createRun(a);
    await a.append(events(event(runId, 1)));

    const taken = await Promise.all([b, c].map((store) => store.takeAbandonedRuns("later", OVER)));

    expect(taken.flat()).toEqual([
      {
        id: runId,
        kind: "case",
        testCaseId: caseId,
        testStepId: null,
        requestId: null,
        events: [event(runId, 1)],
      },
    ]);
    expect(await b.takeAbandonedRuns("later", OVER)).toEqual([]);
    expect(await c.takeAbandonedRuns("later", OVER)).toEqual([]);
    expect(await runOf(runId)).toMatchObject({
      leaseNumber: 2,
      leaseUntil: new Date(OVER.getTime() + LEASE_MS),
    });
  });

  test("is taken again from a server that died before it ended the run", async () => {
    const runId = await createRun(storeOf("a"));
    await storeOf("b").takeAbandonedRuns("later", OVER);
    const muchLater = new Date(OVER.getTime() + LEASE_MS + 1);

    const c = storeOf("c");
    expect((await c.takeAbandonedRuns("start", muchLater)).map(({ id }) => id)).toEqual([runId]);

    await c.append({ ...events(event(runId, 1)), runs: [verdict(runId)] });
    expect(await runOf(runId)).toMatchObject({ owner: "c", leaseNumber: 3, status: "passed" });
    expect(await storeOf("d").takeAbandonedRuns("start", new Date(8.64e15))).toEqual([]);
  });

  test("from before there were owners is taken at once", async () => {
    const runId = await createRun(storeOf("a"));
    await engine.client.run.update({ where: { id: runId }, data: { owner: null, leaseUntil: null } });

    expect((await storeOf("b").takeAbandonedRuns("start", NOW)).map(({ id }) => id)).toEqual([runId]);
  });
});

describe("a run that the queue gave this server", () => {
  /** As a statement that takes a run leaves it, before or without its answer. */
  const take = (runId: string) =>
    engine.client.run.update({
      where: { id: runId },
      data: { owner: "a", leaseNumber: { increment: 1 }, leaseUntil: new Date(OVER.getTime() + LEASE_MS) },
    });

  test("is not ended as abandoned while its answer is on its way, when others are taken over", async () => {
    const dead = storeOf("dead");
    const [abandoned, queued] = [await createRun(dead), await createRun(storeOf("b"))];
    await take(queued);

    const ended = await storeOf("a").takeAbandonedRuns("later", OVER);

    expect(ended.map(({ id }) => id)).toEqual([abandoned]);
    expect(await runOf(queued)).toMatchObject({ owner: "a", leaseNumber: 2 });
  });

  test("is ended once its lease is over, if the answer never came, and not renewed until then", async () => {
    const a = storeOf("a");
    const [known, queued] = [await createRun(a), await createRun(storeOf("b"))];
    await take(queued);
    const muchLater = new Date(OVER.getTime() + LEASE_MS + 1);

    expect(await a.renewLeases(muchLater)).toEqual([]);
    expect((await a.takeAbandonedRuns("later", muchLater)).map(({ id }) => id)).toEqual([queued]);

    await a.append({ ...events(event(queued, 1)), runs: [verdict(queued)] });
    expect(await runOf(queued)).toMatchObject({ leaseNumber: 3, status: "passed" });
    expect(await runOf(known)).toMatchObject({ owner: "a", leaseNumber: 1, status: "queued" });
    expect(await a.takeAbandonedRuns("later", muchLater)).toEqual([]);
  });

  test("is taken over although the answer to that was lost, with the next look", async () => {
    const a = storeOf("a");
    const runId = await createRun(storeOf("dead"));
    const { client } = engine;
    let isLost = true;
    // The statement is carried out, and its connection breaks.
    const losing = Object.create(client.run, {
      updateMany: {
        value: async (args: Parameters<typeof client.run.updateMany>[0]) => {
          const answer = await client.run.updateMany(args);
          if (isLost) throw new Error("the connection broke");
          return answer;
        },
      },
    }) as typeof client.run;
    const flaky = Object.create(engine, {
      isSole: { value: false },
      client: { value: Object.create(client, { run: { value: losing } }) },
    }) as Engine;
    const store = new PrismaExecutionStore(flaky, { owner: "a" });

    await expect(store.takeAbandonedRuns("later", OVER)).rejects.toThrow("the connection broke");
    isLost = false;

    expect((await store.takeAbandonedRuns("later", OVER)).map(({ id }) => id)).toEqual([runId]);
    expect(await a.takeAbandonedRuns("later", OVER)).toEqual([]);
  });
});

describe("who has lost a run", () => {
  let a: PrismaExecutionStore;
  let b: PrismaExecutionStore;
  let runId: string;

  beforeEach(async () => {
    [a, b] = [storeOf("a"), storeOf("b")];
    runId = await createRun(a);
    await a.startRun(runId, NOW);
    await a.append(events(event(runId, 1)));
    await b.takeAbandonedRuns("later", OVER);
  });

  test("appends no event", async () => {
    await expect(a.append(events(event(runId, 2)))).rejects.toMatchObject({ name: "LeaseLostError", runId });
    expect(await storedEvents(runId)).toBe(1);

    await b.append(events(event(runId, 2)));
    expect(await storedEvents(runId)).toBe(2);
  });

  test("gives no verdict, to the run or to a step, with an event or without", async () => {
    const step = { stepId, verdict: "passed", executionTimeMs: 1, errorMessage: null } as const;
    const result = { ...step, actualResult: null, executedAt: NOW };
    const batch = { events: [event(runId, 2)], steps: [result], runs: [verdict(runId)] };

    await expect(a.append(batch)).rejects.toBeInstanceOf(LeaseLostError);
    await expect(a.append({ ...batch, events: [] })).rejects.toBeInstanceOf(LeaseLostError);

    expect(await runOf(runId)).toMatchObject({ status: "running", owner: "b", finishedAt: null });
    expect(await engine.client.testStep.findFirst()).toMatchObject({ executionStatus: "not_run" });
    expect(await storedEvents(runId)).toBe(1);
  });

  test("starts neither the run nor a step", async () => {
    await expect(a.startRun(runId, OVER)).rejects.toBeInstanceOf(LeaseLostError);
    await a.startStep(stepId, runId);

    expect(await runOf(runId)).toMatchObject({ startedAt: NOW });
    expect(await engine.client.testStep.findFirst()).toMatchObject({ executionStatus: "not_run" });
    await b.startStep(stepId, runId);
    expect(await engine.client.testStep.findFirst()).toMatchObject({ executionStatus: "running" });
  });

  test("is refused also where the new owner's number was lost, and by its number alone", async () => {
    await engine.client.run.update({ where: { id: runId }, data: { owner: "c", leaseNumber: 1 } });
    await expect(a.append(events(event(runId, 2)))).rejects.toBeInstanceOf(LeaseLostError);

    await engine.client.run.update({ where: { id: runId }, data: { owner: "a", leaseNumber: 2 } });
    await expect(a.append(events(event(runId, 2)))).rejects.toBeInstanceOf(LeaseLostError);
  });

  test("takes the events of no other run along, and none of its own slips in with those of others", async () => {
    const other = await createRun(a);

    const batch = events(event(other, 1), event(runId, 2));
    await expect(a.append(batch)).rejects.toMatchObject({ name: "LeaseLostError", runId });
    expect(await storedEvents(other)).toBe(0);

    await a.append(events(event(other, 1)));
    expect(await storedEvents(other)).toBe(1);
  });

  test("hears of it once with the next renewal, which leaves the run to its new owner", async () => {
    const kept = await createRun(a);
    const until = (await runOf(runId)).leaseUntil;

    expect(await a.renewLeases(OVER)).toEqual([runId]);
    expect(await a.renewLeases(OVER)).toEqual([]);

    expect((await runOf(runId)).leaseUntil).toEqual(until);
    expect((await runOf(kept)).leaseUntil).toEqual(new Date(OVER.getTime() + LEASE_MS));
  });

  test("cannot take it back", async () => {
    expect(await a.takeBackRuns([runId], OVER)).toEqual([]);
    expect(await runOf(runId)).toMatchObject({ owner: "b", leaseNumber: 2 });
  });
});

test("a server takes its own run back under a next number", async () => {
  const a = storeOf("a");
  const runId = await createRun(a);

  expect((await a.takeBackRuns([runId, randomUUID()], NOW)).map(({ id }) => id)).toEqual([runId]);

  expect(await runOf(runId)).toMatchObject({ owner: "a", leaseNumber: 2 });
  await a.append({ ...events(event(runId, 1)), runs: [verdict(runId)] });
  expect(await a.takeBackRuns([runId], NOW)).toEqual([]);
});

test("more events than one statement takes are saved together or not at all", async () => {
  const [a, b] = [storeOf("a"), storeOf("b")];
  const runId = await createRun(a);
  const many = Array.from({ length: 4_500 }, (_, index) => event(runId, index + 1));

  await expect(a.append(events(...many, event(runId, 1)))).rejects.toMatchObject({ code: "P2002" });
  expect(await storedEvents(runId)).toBe(0);
  await a.append(events(...many));
  expect(await storedEvents(runId)).toBe(4_500);

  await b.takeAbandonedRuns("later", OVER);
  const more = many.map(({ seq }) => event(runId, seq + 4_500));
  await expect(a.append(events(...more))).rejects.toBeInstanceOf(LeaseLostError);
  expect(await storedEvents(runId)).toBe(4_500);
});

describe("where a lock lets one server in", () => {
  test("its start takes every run of others at once, whatever their leases say", async () => {
    const runId = await createRun(soleStoreOf("killed"));

    expect((await soleStoreOf("next").takeAbandonedRuns("start", NOW)).map(({ id }) => id)).toEqual([runId]);
  });

  test("but later only what is over: its lock may have been lost by then", async () => {
    const runId = await createRun(soleStoreOf("other"));
    const next = soleStoreOf("next");

    expect(await next.takeAbandonedRuns("later", NOW)).toEqual([]);
    expect((await next.takeAbandonedRuns("later", OVER)).map(({ id }) => id)).toEqual([runId]);
  });
});
