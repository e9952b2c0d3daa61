import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { openDatabase, type Database } from "../../src/db/index.js";
import { pino } from "pino";
import { startChild } from "../support/database-children.js";
import { scratchDatabase } from "../support/scratch-database.js";

test("no acknowledged event is lost when the process is killed", { timeout: 60_000 }, async () => {
  const { database, file, artifactsDir, remove } = await scratchDatabase();
  const runId = await startedRun(database);
  await database.close();

  for (const acknowledgements of [1, 20, 45]) {
    const child = startChild("append-child.ts", `file:${file}`, artifactsDir, runId);
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

    const after = await openDatabase({ url: `file:${file}`, artifactsDir, log: pino({ level: "silent" }) });
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

async function startedRun({ testCaseStore, executionStore }: Database): Promise<string> {
  const testCase = await testCaseStore.createTestCase({ name: "case", steps: [] });
  const run = { id: randomUUID(), kind: "case", testCaseId: testCase.id, testStepId: null } as const;
  await executionStore.createRun({ ...run, onFailure: "stop", requestId: null, createdAt: new Date() });
  return run.id;
}
