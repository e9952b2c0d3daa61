import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { openDatabase, type Database } from "../../../../src/db/index.js";
import {
  LEASE_MS,
  LeaseLostError,
  type Enqueued,
  type JobStore,
  type TakenBrowsers,
} from "../../../../src/execution/ports.js";
import type { RunEvent } from "../../../../src/protocol/messages.js";
import { ended } from "../../../support/ended.js";
import { databaseUrlTest } from "../../../support/scratch-fixtures.js";
import { silentLog } from "../../../support/silent-log.js";

/** One of several servers on the database. */
class Server {
  readonly database: Database;
  readonly testCaseId: number;

  constructor(database: Database, testCaseId: number) {
    this.database = database;
    this.testCaseId = testCaseId;
  }

  get jobs(): JobStore {
    const { jobStore } = this.database;
    if (jobStore === undefined) throw new Error("There is one on PostgreSQL.");
    return jobStore;
  }

  /** Puts runs in line, one after the other. */
  async enqueue(
    runs: readonly { id: string; principal: string; priority?: number }[],
    { isOwn = false, mostWaiting = 100, mostWaitingOfPrincipal = 100 } = {},
  ): Promise<Enqueued[]> {
    const fates: Enqueued[] = [];
    for (const { id, principal, priority = 5 } of runs) {
      const run = { id, principal, kind: "case", testCaseId: this.testCaseId, testStepId: null } as const;
      const browser = { browser: "firefox", browserVersion: "128" } as const;
      const rest = { onFailure: "stop", requestId: null, createdAt: new Date(), ...browser } as const;
      const job = { content: { of: id }, priority, isOwn, places: 0, mostWaiting, mostWaitingOfPrincipal };
      fates.push(await this.jobs.createRun({ ...run, ...rest }, job));
    }
    return fates;
  }

  /** Ids of the runs that this server takes, up to a number. */
  async take(count: number, runningPerPrincipal?: number): Promise<string[]> {
    const ids: string[] = [];
    for (let left = count; left > 0; left--) {
      const taken = await this.jobs.take(new Date(), { runningPerPrincipal, onlyOwn: false });
      if (taken === undefined) break;
      ids.push(taken.run.id);
    }
    return ids;
  }
}

const test = databaseUrlTest.extend("open", ({ folder, url }, { onCleanup }) => {
  const opened: Database[] = [];
  let testCaseId: number | undefined;
  onCleanup(async () => {
    for (const database of opened) await ended("a database", database.close());
  });
  return async () => {
    const database = await openDatabase({ url, artifactsDir: join(folder, "artifacts"), log: silentLog });
    opened.push(database);
    testCaseId ??= (await database.testCaseStore.createTestCase({ name: "case", steps: [] })).id;
    return new Server(database, testCaseId);
  };
});

const runsOf = (principal: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${principal}${index + 1}`, principal }));

function batch(runId: string, seq: number) {
  const event: RunEvent = { type: "queued", position: 1, run_id: runId, seq, ts: new Date().toISOString() };
  return { events: [event], steps: [], runs: [] };
}

describe("turns", () => {
  test("are one a round for each principal, whoever came with many first", async ({ open }) => {
    const [one, other] = [await open(), await open()];
    await one.enqueue(runsOf("a", 4));
    await other.enqueue(runsOf("b", 2));
    await one.enqueue(runsOf("c", 1));
    expect(await other.take(3)).toEqual(["a1", "b1", "c1"]);
    // A turn that was had counts, also for one who asks again at once.
    await one.enqueue([{ id: "c2", principal: "c" }]);
    expect(await one.take(9)).toEqual(["a2", "b2", "c2", "a3", "a4"]);
  });

  test("begin anew for all once nothing waits", async ({ open }) => {
    const server = await open();
    await server.enqueue(runsOf("a", 5));
    await server.take(5);
    await server.enqueue([
      { id: "b1", principal: "b" },
      { id: "a6", principal: "a" },
      { id: "b2", principal: "b" },
    ]);
    expect(await server.take(3)).toEqual(["b1", "a6", "b2"]);
  });

  test("are given up for a run that has waited too long beside a paused one", async ({ open }) => {
    const server = await open();
    await server.enqueue(runsOf("a", 3));
    await server.jobs.putFirst("a3");
    expect(await server.take(3)).toEqual(["a3", "a1", "a2"]);
  });
});

describe("priorities", () => {
  test("decide which of its principal's turns a run has, and take none of another", async ({ open }) => {
    const [one, other] = [await open(), await open()];
    await one.enqueue(runsOf("a", 3));
    await other.enqueue(runsOf("b", 2));
    await other.enqueue([{ id: "a4", principal: "a", priority: 9 }]);
    await one.enqueue([
      { id: "a5", principal: "a", priority: 9 },
      { id: "a6", principal: "a", priority: 0 },
      { id: "a7", principal: "a" },
    ]);
    const order = ["a4", "b1", "a5", "b2", "a1", "a2", "a3", "a7", "a6"];
    expect((await one.jobs.listWaiting({})).map(({ runId }) => runId)).toEqual(order);
    expect(await other.take(9)).toEqual(order);
  });

  test("of runs that come while others are taken lose none and start none twice", async ({ open }) => {
    const [one, other, third] = [await open(), await open(), await open()];
    await one.enqueue(runsOf("a", 10));
    const urgent = Array.from({ length: 10 }, (_, index) => ({
      id: `urgent ${index}`,
      principal: "a",
      priority: index,
    }));
    const taken = await Promise.all([one.enqueue(urgent), other.take(10), third.take(10)]);
    const all = [...taken.slice(1).flat(), ...(await one.take(20))];
    expect(all.toSorted()).toEqual([...runsOf("a", 10), ...urgent].map(({ id }) => id).toSorted());
  });
});

describe("taking", () => {
  test("gives each run to one of servers that take at the same time", async ({ open }) => {
    const servers = [await open(), await open(), await open()];
    await servers[0]?.enqueue(runsOf("a", 12));
    const taken = await Promise.all(servers.map((server) => server.take(12)));
    expect(taken.flat().toSorted()).toEqual(
      runsOf("a", 12)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  test("takes the run from its former owner, whose events are refused then, and tells where they end", async ({
    open,
  }) => {
    const [owner, other] = [await open(), await open()];
    await owner.enqueue(runsOf("a", 1));
    await owner.database.executionStore.append(batch("a1", 1));

    const taken = await other.jobs.take(new Date(), { onlyOwn: false });

    expect(taken).toMatchObject({
      lastSeq: 1,
      content: { of: "a1" },
      run: { kind: "case", principal: "a", browser: "firefox", browserVersion: "128" },
    });
    await expect(owner.database.executionStore.append(batch("a1", 2))).rejects.toBeInstanceOf(LeaseLostError);
    await other.database.executionStore.append(batch("a1", 2));
    expect(await owner.database.executionStore.renewLeases(new Date())).toEqual(["a1"]);
  });

  test("leaves out principals that have as many running as they may, on all servers", async ({ open }) => {
    const [one, other] = [await open(), await open()];
    await one.enqueue(runsOf("a", 3));
    await one.enqueue(runsOf("b", 1));
    expect(await one.take(9, 1)).toEqual(["a1", "b1"]);
    const waiting = await other.jobs.listWaiting({ runningPerPrincipal: 1 });
    expect(waiting).toMatchObject([
      { runId: "a2", mayStart: false },
      { runId: "a3", mayStart: false },
    ]);
    expect(await other.take(9, 2)).toEqual(["a2"]);
  });

  test("leaves out browsers for which a server has no room, some of them for a time only", async ({
    open,
  }) => {
    const [one, other] = [await open(), await open()];
    await one.enqueue(runsOf("a", 2));
    await one.enqueue(runsOf("b", 1), { isOwn: true });
    const firefox = { browser: "firefox", version: "128" } as const;
    expect(await other.jobs.listBrowsers()).toEqual([firefox]);
    const take = (server: Server, browsers: Partial<TakenBrowsers>) =>
      server.jobs
        .take(new Date(), { onlyOwn: false, browsers: { free: [], later: [], laterMs: 60_000, ...browsers } })
        .then((taken) => taken?.run.id);

    expect(await take(other, { free: [undefined, { browser: "firefox" }] })).toBeUndefined();
    expect(await take(other, { later: [firefox] })).toBeUndefined();
    // It could only wait for this server.
    expect(await take(one, { later: [firefox] })).toBe("b1");
    await expect.poll(() => take(other, { later: [firefox], laterMs: 50 })).toBe("a1");
    expect(await take(other, { free: [firefox] })).toBe("a2");
  });

  test("leaves out what only another server can carry out", async ({ open }) => {
    const [one, other] = [await open(), await open()];
    await one.enqueue(runsOf("a", 1), { isOwn: true });
    await one.enqueue(runsOf("b", 1));
    expect(await other.take(9)).toEqual(["b1"]);
    expect(await one.jobs.take(new Date(), { onlyOwn: true })).toMatchObject({ run: { id: "a1" } });
  });

  test("finds nothing of what was taken out of the line", async ({ open }) => {
    const server = await open();
    await server.enqueue(runsOf("a", 2));
    expect(await server.jobs.remove("a1")).toBe(true);
    expect(await server.take(9)).toEqual(["a2"]);
    expect(await server.jobs.remove("a2")).toBe(false);
  });
});

describe("a line that is full", () => {
  test("takes no more, of all or of one principal, from whichever server", async ({ open }) => {
    const [one, other] = [await open(), await open()];
    const limits = { mostWaiting: 3, mostWaitingOfPrincipal: 2 };
    expect(await one.enqueue(runsOf("a", 3), limits)).toEqual(["queued", "queued", "full_for_principal"]);
    expect(await other.enqueue(runsOf("b", 2), limits)).toEqual(["queued", "full"]);
    expect(await one.database.runReader.findRun("a3")).toBeUndefined();
  });

  test("holds for many that come at once", async ({ open }) => {
    const [one, other] = [await open(), await open()];
    const coming = Array.from({ length: 8 }, (_, index) =>
      (index % 2 === 0 ? one : other).enqueue([{ id: randomUUID(), principal: "a" }], {
        mostWaitingOfPrincipal: 3,
      }),
    );
    const fates = (await Promise.all(coming)).flat();
    expect(fates.filter((fate) => fate === "queued")).toHaveLength(3);
  });
});

describe("a server that is gone", () => {
  test("leaves what waits to others, and what only it could carry out is ended", async ({ open }) => {
    const [gone, heir] = [await open(), await open()];
    await gone.enqueue(runsOf("a", 1));
    await gone.enqueue(runsOf("b", 1), { isOwn: true });
    const over = new Date(Date.now() + LEASE_MS + 1_000);

    const abandoned = await heir.database.executionStore.takeAbandonedRuns("later", over);

    expect(abandoned.map(({ id }) => id)).toEqual(["b1"]);
    expect(await heir.jobs.listWaiting({})).toMatchObject([{ runId: "a1" }]);
    expect(await heir.take(9)).toEqual(["a1"]);
  });
});
