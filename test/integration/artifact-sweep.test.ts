import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Retention, RunResult } from "../../src/execution/ports.js";
import { openConnection } from "../../src/db/connection.js";
import { scratchDatabase, type ScratchDatabase } from "../support/scratch-database.js";

let scratch: ScratchDatabase;
let testCaseId: number;
let stepId: number;

beforeEach(async () => {
  scratch = await scratchDatabase();
  const testCase = await scratch.database.testCaseStore.createTestCase({
    name: "case",
    steps: [{ description: "A" }],
  });
  testCaseId = testCase.id;
  stepId = testCase.steps[0]?.id ?? 0;
});
afterEach(() => scratch.remove());

const KEEP_ALL = { before: undefined, maxBytes: undefined };
const sweep = (limits: Partial<Retention>) =>
  scratch.database.artifactStore.sweep({ ...KEEP_ALL, signal: new AbortController().signal, ...limits });

async function createRun(): Promise<string> {
  const id = randomUUID();
  await scratch.database.executionStore.createRun({
    id,
    kind: "step",
    testCaseId,
    testStepId: stepId,
    onFailure: "stop",
    requestId: null,
    createdAt: new Date(),
  });
  return id;
}

async function end(runId: string): Promise<void> {
  const run: RunResult = {
    runId,
    verdict: "failed",
    errorMessage: null,
    attempts: 1,
    flaky: false,
    finishedAt: new Date(Date.now() - 1),
  };
  await scratch.database.executionStore.append({ events: [], steps: [], runs: [run] });
}

interface Saved {
  id: string;
  file: string;
}

/** Saves an artifact as if that had been so many days ago. */
async function save(runId: string, daysAgo: number, bytes = 10): Promise<Saved> {
  const url = await scratch.database.artifactStore.save({
    runId,
    stepId,
    kind: "screenshot",
    mediaType: "image/jpeg",
    bytes: new Uint8Array(bytes),
  });
  const id = url.split("/").at(-1) ?? "";
  const connection = await openConnection(scratch.file);
  await connection.execute({
    sql: "UPDATE artifacts SET created_at = ? WHERE id = ?",
    args: [daysBefore(daysAgo).toISOString(), id],
  });
  connection.close();
  return { id, file: join(scratch.artifactsDir, runId, `${id}.jpg`) };
}

function daysBefore(days: number): Date {
  return new Date(Date.now() - days * 24 * 3_600_000);
}

async function isThere({ id, file }: Saved): Promise<[row: boolean, file: boolean]> {
  const connection = await openConnection(scratch.file);
  const { rows } = await connection.execute({ sql: "SELECT 1 FROM artifacts WHERE id = ?", args: [id] });
  connection.close();
  return [rows.length > 0, existsSync(file)];
}

const GONE = [false, false];
const KEPT = [true, true];

test("what is too old goes, row and file, and an empty folder with it", async () => {
  const [older, newer] = [await createRun(), await createRun()];
  const artifacts = [
    await save(older, 40),
    await save(older, 31),
    await save(newer, 31),
    await save(newer, 29),
  ];
  await end(older);
  await end(newer);

  expect(await sweep({ before: daysBefore(30) })).toBe(3);

  expect(await Promise.all(artifacts.map(isThere))).toEqual([GONE, GONE, GONE, KEPT]);
  expect(await readdir(scratch.artifactsDir)).toEqual([newer]);
});

test("the oldest go until the rest fits, also when there are very many", async () => {
  const runId = await createRun();
  await end(runId);
  const oldest = await save(runId, 3, 600);
  const older = await save(runId, 2, 600);
  const newest = await save(runId, 1, 600);

  expect(await sweep({ maxBytes: 1_300 })).toBe(1);
  expect(await Promise.all([oldest, older, newest].map(isThere))).toEqual([GONE, KEPT, KEPT]);

  expect(await sweep({ maxBytes: 1_200 })).toBe(0);
  expect(await sweep({ maxBytes: 0 })).toBe(2);
  expect(await readdir(scratch.artifactsDir)).toEqual([]);
});

test("more than one batch of rows goes in one sweep", async () => {
  const runId = await createRun();
  await end(runId);
  const connection = await openConnection(scratch.file);
  for (let index = 0; index < 450; index++) {
    await connection.execute({
      sql: `INSERT INTO artifacts (id, run_id, kind, media_type, path, bytes, created_at)
        VALUES (?, ?, 'screenshot', 'image/jpeg', ?, 2000000000, ?)`,
      args: [`a-${index}`, runId, `${runId}/a-${index}.jpg`, daysBefore(1).toISOString()],
    });
  }
  connection.close();
  const kept = await save(runId, 0, 5);

  // The sum of the sizes is far beyond 32 bits.
  expect(await sweep({ maxBytes: 5 })).toBe(450);

  expect(await isThere(kept)).toEqual(KEPT);
});

test("nothing of a run that waits or is under way goes, whatever its age and size", async () => {
  const waiting = await createRun();
  const underWay = await createRun();
  await scratch.database.executionStore.startRun(underWay, new Date());
  const artifacts = [await save(waiting, 100), await save(underWay, 100, 10_000)];
  const unsaved = join(scratch.artifactsDir, underWay, `${randomUUID()}.bin`);
  await writeFile(unsaved, "being copied");

  expect(await sweep({ before: new Date(), maxBytes: 1 })).toBe(0);

  expect(await Promise.all(artifacts.map(isThere))).toEqual([KEPT, KEPT]);
  expect(existsSync(unsaved)).toBe(true);
});

test("a file without a row and a row without a file go", async () => {
  const runId = await createRun();
  const [kept, lost] = [await save(runId, 0), await save(runId, 0)];
  await end(runId);
  await rm(lost.file);
  const orphan = join(scratch.artifactsDir, runId, `${randomUUID()}.json`);
  await writeFile(orphan, "[]");
  const unknownRun = join(scratch.artifactsDir, randomUUID());
  await mkdir(unknownRun);
  await writeFile(join(unknownRun, `${randomUUID()}.jpg`), "");

  expect(await sweep({})).toBe(3);

  expect(await Promise.all([kept, lost].map(isThere))).toEqual([KEPT, GONE]);
  expect([existsSync(orphan), existsSync(unknownRun)]).toEqual([false, false]);
});

test("rows whose whole folder is gone go too", async () => {
  const runId = await createRun();
  const lost = await save(runId, 0);
  await end(runId);
  await rm(join(scratch.artifactsDir, runId), { recursive: true });

  expect(await sweep({})).toBe(1);

  expect(await isThere(lost)).toEqual(GONE);
});

test("what the server has not made stays, also in the folder of artifacts", async () => {
  const runId = await createRun();
  await save(runId, 50);
  await end(runId);
  const foreign = [
    join(scratch.artifactsDir, "notes.txt"),
    join(scratch.artifactsDir, "photos", "cat.jpg"),
    join(scratch.artifactsDir, runId, "notes.txt"),
  ];
  await mkdir(join(scratch.artifactsDir, "photos"));
  for (const file of foreign) await writeFile(file, "mine");

  await sweep({ before: new Date(), maxBytes: 0 });

  expect(foreign.map((file) => existsSync(file))).toEqual([true, true, true]);
});

test("a sweep that is told to stop deletes no more", async () => {
  const runId = await createRun();
  const old = await save(runId, 50);
  await end(runId);
  const stopped = AbortSignal.abort(new Error("Server stopping"));

  expect(await sweep({ before: new Date(), signal: stopped })).toBe(0);

  expect(await isThere(old)).toEqual(KEPT);
});

test("a video that a killed server was writing goes once its run has ended, and not before", async () => {
  const runId = await createRun();
  const file = await scratch.database.artifactStore.create({ runId, mediaType: "video/webm" });
  await file.write(new Uint8Array(10), 0);

  expect(await sweep({})).toBe(0);
  expect(await readdir(join(scratch.artifactsDir, runId))).toHaveLength(1);

  await end(runId);
  expect(await sweep({})).toBe(1);
  expect(await readdir(scratch.artifactsDir)).toEqual([]);
  await file.discard();
});
