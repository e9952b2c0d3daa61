import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { openDatabase, type Database } from "../../../src/db/index.js";
import { pino } from "pino";
import { startChild } from "../../support/database-children.js";
import { scratchDatabase } from "../../support/scratch-database.js";

test("no acknowledged event is lost when the process is killed", { timeout: 60_000 }, async () => {
  const { database, url, artifactsDir, remove } = await scratchDatabase();
  const runId = await startedRun(database);
  await database.close();

  for (const acknowledgements of [1, 20, 45]) {
    const child = startChild("append-child.ts", url, artifactsDir, runId);
    let acknowledged = 0;
    let count = 0;
    let killed = false;
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      // Only whole lines count: the last may be cut by the kill.
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      acknowledged = Number(lines.at(-1) ?? acknowledged);
      count += lines.length;
      if (count >= acknowledgements && !killed) killed = child.kill("SIGKILL");
    });
    const [, signal] = (await once(child, "close")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");

    const after = await openDatabase({ url, artifactsDir, log: pino({ level: "silent" }) });
    const seqs = (await after.runReader.findEvents(runId, { afterSeq: 0, limit: 100_000 })).map(
      ({ seq }) => seq,
    );
    await after.close();

    expect(acknowledged).toBeGreaterThanOrEqual(acknowledgements);
    expect(seqs.length).toBeGreaterThanOrEqual(acknowledged);
    expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
  }
  await remove();
});

test("a batch that comes again is taken for stored, another one with its numbers is not", async () => {
  const { database, remove } = await scratchDatabase();
  const runId = await startedRun(database);
  const event = (seq: number, position: number) =>
    ({ type: "queued", position, run_id: runId, seq, ts: "2026-11-28T00:00:00.000Z" }) as const;
  const batch = { events: [event(1, 2), event(2, 1)], steps: [], runs: [] };
  await database.executionStore.append(batch);

  await expect(database.executionStore.append(batch)).resolves.toBeUndefined();
  const other = { ...batch, events: [event(2, 7), event(3, 1)] };
  await expect(database.executionStore.append(other)).rejects.toMatchObject({ code: "P2002" });

  expect(await database.runReader.findEvents(runId, { afterSeq: 0, limit: 9 })).toEqual(batch.events);
  await remove();
});

async function startedRun({ testCaseStore, executionStore }: Database): Promise<string> {
  const testCase = await testCaseStore.createTestCase({ name: "case", steps: [] });
  const run = { id: randomUUID(), kind: "case", testCaseId: testCase.id, testStepId: null } as const;
  await executionStore.createRun({ ...run, onFailure: "stop", requestId: null, createdAt: new Date() });
  return run.id;
}
