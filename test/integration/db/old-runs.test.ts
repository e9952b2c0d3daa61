import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, describe } from "vitest";
import type { DeletedRuns, NewRun, RunResult, RunRetention } from "../../../src/execution/ports.js";
import { MARK_FILE } from "../../../src/db/artifacts/mark.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { runFolders } from "../../support/scratch-database.js";
import { databaseTest } from "../../support/scratch-fixtures.js";

const DAY_MS = 24 * 3_600_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

interface Ended extends Partial<Pick<NewRun, "kind" | "testCaseId" | "testStepId" | "once">> {
  id: string;
  /** Days since it was started and ended. */
  ago: number;
  verdict?: RunResult["verdict"];
  flaky?: boolean;
  events?: number;
}

const test = databaseTest
  .extend("testCase", async ({ scratch }) => {
    const steps = [{ stepNumber: 1, description: "A" }];
    const { id, steps: saved } = await scratch.database.testCaseStore.createTestCase({ name: "case", steps });
    return { id, stepId: saved[0]?.id ?? 0 };
  })
  /** Saves runs that have ended, as if that had been so many days ago. */
  .extend("saveRuns", ({ scratch, testCase }) => async (...runs: Ended[]) => {
    const { executionStore } = scratch.database;
    for (const { id, ago, verdict = "failed", flaky = false, events = 1, ...what } of runs) {
      const at = daysAgo(ago);
      const run = { kind: "case", testCaseId: testCase.id, testStepId: null, ...what } as const;
      await executionStore.createRun({ ...run, id, onFailure: "stop", requestId: null, createdAt: at });
      const told = Array.from({ length: events }, (_, index) => event(id, index + 1, at));
      const result = { runId: id, verdict, errorMessage: null, attempts: 1, flaky, finishedAt: at };
      await executionStore.append({ events: told, steps: [], runs: [result] });
    }
  })
  .extend("deleteRuns", ({ scratch }) => (limits: Partial<RunRetention>): Promise<DeletedRuns> => {
    const { signal } = new AbortController();
    return scratch.database.oldRunStore.deleteOldRuns({
      before: undefined,
      perCase: undefined,
      signal,
      ...limits,
    });
  })
  .extend("stored", ({ scratch }) => async (): Promise<string[]> => {
    const runs = await scratch.database.runReader.listRuns({}, { limit: 1_000, before: undefined });
    return runs.map(({ id }) => id).reverse();
  });

/** An event of which the store sees no more than this. */
function event(runId: string, seq: number, at: Date): RunEvent {
  return { type: "progress", run_id: runId, seq, ts: at.toISOString() } as RunEvent;
}

describe("by age", () => {
  test("runs go with their events, and those that ended later stay", async ({
    scratch,
    saveRuns,
    deleteRuns,
    stored,
  }) => {
    await saveRuns({ id: "old", ago: 31, events: 3 }, { id: "new", ago: 29, events: 2 });
    expect(await deleteRuns({ before: daysAgo(30) })).toEqual({ runs: 1, events: 3, artifacts: 0 });
    expect(await stored()).toEqual(["new"]);
    const range = { afterSeq: 0, limit: 10 };
    expect(await scratch.database.runReader.findEvents("old", range)).toEqual([]);
    expect(await scratch.database.runReader.findEvents("new", range)).toHaveLength(2);
  });

  test("flaky runs stay, and the last that passed of the case and of each step by itself", async ({
    testCase,
    saveRuns,
    deleteRuns,
    stored,
  }) => {
    const step = { kind: "step", testStepId: testCase.stepId } as const;
    await saveRuns(
      { id: "green", ago: 50, verdict: "passed" },
      { id: "flaky", ago: 49, verdict: "passed", flaky: true },
      { id: "last-green", ago: 48, verdict: "passed" },
      { id: "green-step", ago: 47, verdict: "passed", ...step },
      { id: "last-green-step", ago: 46, verdict: "passed", ...step },
      { id: "red", ago: 45 },
    );
    expect(await deleteRuns({ before: daysAgo(30) })).toMatchObject({ runs: 3 });
    expect(await stored()).toEqual(["flaky", "last-green", "last-green-step"]);
    expect(await deleteRuns({ before: daysAgo(30) })).toMatchObject({ runs: 0 });
  });

  test("a run that waits or is under way stays, whatever its age", async ({
    scratch,
    testCase,
    deleteRuns,
    stored,
  }) => {
    for (const id of ["waiting", "under-way"]) {
      await scratch.database.executionStore.createRun({
        id,
        kind: "case",
        testCaseId: testCase.id,
        testStepId: null,
        onFailure: "stop",
        requestId: null,
        createdAt: daysAgo(100),
      });
    }
    await scratch.database.executionStore.startRun("under-way", daysAgo(99));
    expect(await deleteRuns({ before: daysAgo(1), perCase: 1 })).toMatchObject({ runs: 0 });
    expect((await stored()).toSorted()).toEqual(["under-way", "waiting"]);
  });

  test("a generation that has saved no case goes like any other run", async ({
    saveRuns,
    deleteRuns,
    stored,
  }) => {
    await saveRuns({ id: "generation", ago: 31, kind: "generation", testCaseId: null, verdict: "passed" });
    await deleteRuns({ before: daysAgo(30) });
    expect(await stored()).toEqual([]);
  });
});

describe("by number", () => {
  test("the newest of each case stay, and no run of another case goes because of them", async ({
    scratch,
    saveRuns,
    deleteRuns,
    stored,
  }) => {
    const steps = [{ stepNumber: 1, description: "B" }];
    const other = await scratch.database.testCaseStore.createTestCase({ name: "other", steps });
    await saveRuns(
      { id: "other", ago: 9, testCaseId: other.id },
      { id: "a", ago: 5 },
      { id: "b", ago: 4 },
      { id: "c", ago: 3 },
      { id: "d", ago: 2 },
    );
    expect(await deleteRuns({ perCase: 2 })).toMatchObject({ runs: 2 });
    expect(await stored()).toEqual(["other", "c", "d"]);
  });

  test("more runs than are looked at together go in one sweep", async ({ saveRuns, deleteRuns, stored }) => {
    // Flaky ones among them, which stay and must not keep the others from being found.
    const runs = Array.from({ length: 230 }, (_, index) => {
      return { id: `run-${index}`, ago: 300 - index, flaky: index % 50 === 0 };
    });
    await saveRuns(...runs);
    expect(await deleteRuns({ perCase: 1 })).toMatchObject({ runs: 224 });
    expect(await stored()).toEqual(["run-0", "run-50", "run-100", "run-150", "run-200", "run-229"]);
  });

  test("a run whose idempotency key still counts stays, or the key would start another", async ({
    saveRuns,
    deleteRuns,
    stored,
  }) => {
    const once = (key: string) => ({ principal: "ada", key, asked: "{}" });
    await saveRuns(
      { id: "key-of-yesterday", ago: 1.1, once: once("one") },
      { id: "key-of-today", ago: 0.9, once: once("two") },
      { id: "newest", ago: 0 },
    );
    await deleteRuns({ perCase: 1 });
    expect(await stored()).toEqual(["key-of-today", "newest"]);
  });
});

test("a run with thousands of events goes whole, and others write meanwhile", async ({
  saveRuns,
  deleteRuns,
  stored,
}) => {
  await saveRuns({ id: "long", ago: 40, events: 4_500 });
  const [deleted] = await Promise.all([
    deleteRuns({ before: daysAgo(30) }),
    saveRuns({ id: "meanwhile", ago: 0 }),
  ]);
  expect(deleted).toMatchObject({ runs: 1, events: 4_500 });
  expect(await stored()).toEqual(["meanwhile"]);
});

describe("artifacts of a run that goes", () => {
  const pictured = test.extend("picture", async ({ scratch, testCase, saveRuns }) => {
    const id = "00000000-0000-4000-8000-000000000001";
    await saveRuns({ id, ago: 40 });
    const url = await scratch.database.artifactStore.save({
      runId: id,
      stepId: testCase.stepId,
      kind: "screenshot",
      mediaType: "image/jpeg",
      bytes: new Uint8Array(10),
    });
    return join(scratch.artifactsDir, id, `${url.split("/").at(-1) ?? ""}.jpg`);
  });

  pictured(
    "go with it, file and row, and leave nothing for the trash",
    async ({ scratch, picture, deleteRuns }) => {
      expect(existsSync(picture)).toBe(true);
      expect(await deleteRuns({ before: daysAgo(30) })).toEqual({ runs: 1, events: 1, artifacts: 1 });
      expect(await runFolders(scratch)).toEqual([]);
      const { signal } = new AbortController();
      const swept = await scratch.database.artifactStore.sweep({
        before: undefined,
        maxBytes: undefined,
        signal,
      });
      expect(swept).toMatchObject({ trashed: 0, missing: 0 });
    },
  );

  pictured(
    "stay, and the run with them, while the folder has lost its mark",
    async ({ scratch, picture, deleteRuns, stored }) => {
      const mark = join(scratch.artifactsDir, MARK_FILE);
      await rename(mark, `${mark}.away`);
      await expect(deleteRuns({ before: daysAgo(30) })).rejects.toThrow("has lost its mark");
      expect([existsSync(picture), (await stored()).length]).toEqual([true, 1]);
      await rename(`${mark}.away`, mark);
    },
  );

  pictured(
    "do not keep it from going when the file is gone already",
    async ({ picture, deleteRuns, stored }) => {
      await rm(picture);
      await deleteRuns({ before: daysAgo(30) });
      expect(await stored()).toEqual([]);
    },
  );
});

describe("with a webhook", () => {
  const hooked = test.override("webhooks", ["hook"]);

  hooked("a run stays until it is told, or given up", async ({ scratch, saveRuns, deleteRuns, stored }) => {
    await saveRuns({ id: "told", ago: 40 }, { id: "untold", ago: 40 });
    const { webhookStore } = scratch.database;
    const [delivery] = await webhookStore.listDeliveries({ runId: "told" }, { limit: 1, before: undefined });
    const outcome = { status: "delivered", attempts: [], nextAttemptAt: null } as const;
    await webhookStore.updateDelivery(delivery?.id ?? "", outcome);
    await deleteRuns({ before: daysAgo(30) });
    expect(await stored()).toEqual(["untold"]);
  });
});
