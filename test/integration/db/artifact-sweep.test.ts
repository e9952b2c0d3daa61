import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Retention, RunResult, Swept } from "../../../src/execution/ports.js";
import { MARK_FILE } from "../../../src/db/artifacts/mark.js";
import { TRASH } from "../../../src/db/artifacts/names.js";
import type { CommandEngine } from "../../../src/db/engine.js";
import { engineKindOf } from "../../../src/db/engines.js";
import { silentLog } from "../../support/silent-log.js";
import { runFolders, scratchDatabase, type ScratchDatabase } from "../../support/scratch-database.js";

let scratch: ScratchDatabase;
/** The same database, beside the server. */
let other: CommandEngine;
let testCaseId: number;
let stepId: number;

beforeEach(async () => {
  scratch = await scratchDatabase();
  const { url } = scratch;
  other = await (await engineKindOf(url)).openForCommand({ url, log: silentLog });
  const testCase = await scratch.database.testCaseStore.createTestCase({
    name: "case",
    steps: [{ stepNumber: 1, description: "A" }],
  });
  testCaseId = testCase.id;
  stepId = testCase.steps[0]?.id ?? 0;
});
afterEach(async () => {
  await other.close();
  await scratch.remove();
});

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
  await other.client.artifact.updateMany({ where: { id }, data: { createdAt: daysBefore(daysAgo) } });
  return { id, file: join(scratch.artifactsDir, runId, `${id}.jpg`) };
}

function daysBefore(days: number): Date {
  return new Date(Date.now() - days * 24 * 3_600_000);
}

async function isThere({ id, file }: Saved): Promise<[row: boolean, file: boolean]> {
  return [(await other.client.artifact.count({ where: { id } })) > 0, existsSync(file)];
}

const NOTHING: Swept = { deleted: 0, trashed: 0, missing: 0, found: 0, emptied: 0 };
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

  expect(await sweep({ before: daysBefore(30) })).toMatchObject({ deleted: 3 });

  expect(await Promise.all(artifacts.map(isThere))).toEqual([GONE, GONE, GONE, KEPT]);
  expect(await runFolders(scratch)).toEqual([newer]);
});

test("the oldest go until the rest fits, also when there are very many", async () => {
  const runId = await createRun();
  await end(runId);
  const oldest = await save(runId, 3, 600);
  const older = await save(runId, 2, 600);
  const newest = await save(runId, 1, 600);

  expect(await sweep({ maxBytes: 1_300 })).toMatchObject({ deleted: 1 });
  expect(await Promise.all([oldest, older, newest].map(isThere))).toEqual([GONE, KEPT, KEPT]);

  expect(await sweep({ maxBytes: 1_200 })).toMatchObject({ deleted: 0 });
  expect(await sweep({ maxBytes: 0 })).toMatchObject({ deleted: 2 });
  expect(await runFolders(scratch)).toEqual([]);
});

test("more than one batch of rows goes in one sweep", async () => {
  const runId = await createRun();
  await end(runId);
  const artifact = { runId, kind: "screenshot", mediaType: "image/jpeg", bytes: 2_000_000_000 } as const;
  await other.client.artifact.createMany({
    data: Array.from({ length: 450 }, (_, index) => {
      return { ...artifact, id: `a-${index}`, path: `${runId}/a-${index}.jpg`, createdAt: daysBefore(1) };
    }),
  });
  const kept = await save(runId, 0, 5);

  // The sum of the sizes is far beyond 32 bits.
  expect(await sweep({ maxBytes: 5 })).toMatchObject({ deleted: 450 });

  expect(await isThere(kept)).toEqual(KEPT);
});

test("nothing of a run that waits or is under way goes, whatever its age and size", async () => {
  const waiting = await createRun();
  const underWay = await createRun();
  await scratch.database.executionStore.startRun(underWay, new Date());
  const artifacts = [await save(waiting, 100), await save(underWay, 100, 10_000)];
  const unsaved = join(scratch.artifactsDir, underWay, `${randomUUID()}.bin`);
  await writeFile(unsaved, "being copied");

  expect(await sweep({ before: new Date(), maxBytes: 1 })).toMatchObject({ deleted: 0 });

  expect(await Promise.all(artifacts.map(isThere))).toEqual([KEPT, KEPT]);
  expect(existsSync(unsaved)).toBe(true);
});

/** Everything in the trash, by the path that it had. */
async function trash(): Promise<string[]> {
  const entries = await readdir(join(scratch.artifactsDir, TRASH), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ name, parentPath }) => join(parentPath.split("/").at(-1) ?? "", name)).sort();
}

test("a file without a row goes to the trash, whether or not its run is known", async () => {
  const runId = await createRun();
  const kept = await save(runId, 0);
  await end(runId);
  const unknownRun = randomUUID();
  const paths = [join(runId, `${randomUUID()}.json`), join(unknownRun, `${randomUUID()}.jpg`)];
  await mkdir(join(scratch.artifactsDir, unknownRun));
  for (const path of paths) await writeFile(join(scratch.artifactsDir, path), "[]");

  expect(await sweep({})).toEqual({ ...NOTHING, trashed: 2 });

  expect(await isThere(kept)).toEqual(KEPT);
  expect(await runFolders(scratch)).toEqual([runId]);
  expect(await trash()).toEqual(paths.sort());
  expect(await sweep({})).toEqual(NOTHING);
});

test("the trash is kept for seven days, and deleted then", async () => {
  const runId = randomUUID();
  const dayOf = (daysAgo: number) => daysBefore(daysAgo).toISOString().slice(0, 10);
  for (const daysAgo of [7, 9]) {
    const folder = join(scratch.artifactsDir, TRASH, dayOf(daysAgo), runId);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${randomUUID()}.jpg`), "");
  }

  expect(await sweep({})).toEqual({ ...NOTHING, emptied: 1 });

  expect(await readdir(join(scratch.artifactsDir, TRASH))).toEqual([dayOf(7)]);
});

test("what turns out to have a row comes back out of the trash", async () => {
  const runId = await createRun();
  const artifact = await save(runId, 0);
  await end(runId);
  await mkdir(join(scratch.artifactsDir, TRASH, "2026-01-01", runId), { recursive: true });
  const name = artifact.file.split("/").at(-1) ?? "";
  await rename(artifact.file, join(scratch.artifactsDir, TRASH, "2026-01-01", runId, name));

  expect(await sweep({})).toMatchObject({ missing: 0 });

  expect(await isThere(artifact)).toEqual(KEPT);
});

test.each(["a file", "the whole folder of a run"])(
  "a row stays when %s is gone, and is marked until it is back",
  async (what) => {
    const runId = await createRun();
    const [kept, lost] = [await save(runId, 0), await save(runId, 0)];
    await end(runId);
    const gone = what === "a file" ? lost.file : join(scratch.artifactsDir, runId);
    await rename(gone, join(scratch.folder, "elsewhere"));
    const missing = what === "a file" ? 1 : 2;

    expect(await sweep({})).toEqual({ ...NOTHING, missing });
    expect(await sweep({})).toEqual(NOTHING);

    expect(await isThere(lost)).toEqual([true, false]);
    expect(await isThere(kept)).toEqual(what === "a file" ? KEPT : [true, false]);
    const listed = await scratch.database.artifactStore.listArtifacts(runId);
    expect(listed.find(({ id }) => id === lost.id)?.missingSince).toBeInstanceOf(Date);

    await rename(join(scratch.folder, "elsewhere"), gone);
    expect(await sweep({})).toEqual({ ...NOTHING, found: missing });
    const again = await scratch.database.artifactStore.listArtifacts(runId);
    expect(again.map(({ missingSince }) => missingSince)).toEqual([null, null]);
  },
);

test("what is missing takes no place, and goes when it is too old", async () => {
  const runId = await createRun();
  await end(runId);
  const [lost, kept] = [await save(runId, 40, 600), await save(runId, 1, 600)];
  await rm(lost.file);
  expect(await sweep({})).toMatchObject({ missing: 1 });

  expect(await sweep({ maxBytes: 600 })).toEqual(NOTHING);
  expect(await isThere(lost)).toEqual([true, false]);

  expect(await sweep({ before: daysBefore(30) })).toEqual({ ...NOTHING, deleted: 1 });
  expect(await Promise.all([lost, kept].map(isThere))).toEqual([GONE, KEPT]);
});

test.each(["unmounted", "another database's"])("nothing is touched while the folder is %s", async (what) => {
  const runId = await createRun();
  const old = await save(runId, 50);
  await end(runId);
  const foreign = join(scratch.artifactsDir, randomUUID(), `${randomUUID()}.jpg`);
  const mark = join(scratch.artifactsDir, MARK_FILE);
  if (what === "unmounted") {
    await rename(scratch.artifactsDir, join(scratch.folder, "volume"));
    await mkdir(scratch.artifactsDir);
  } else {
    await mkdir(join(foreign, ".."));
    await writeFile(foreign, "");
    await writeFile(mark, JSON.stringify({ mark: "another", database: "/elsewhere.db" }));
  }

  await expect(sweep({ before: new Date(), maxBytes: 0 })).rejects.toThrow(/^ARTIFACTS_DIR: /);
  await expect(scratch.database.artifactStore.check()).rejects.toThrow(/^ARTIFACTS_DIR: /);

  if (what === "unmounted") {
    await expect(save(runId, 0)).rejects.toThrow(/^ARTIFACTS_DIR: /);
    expect(await readdir(scratch.artifactsDir)).toEqual([]);
    await rmdir(scratch.artifactsDir);
    await rename(join(scratch.folder, "volume"), scratch.artifactsDir);
  } else expect(existsSync(foreign)).toBe(true);
  expect(await isThere(old)).toEqual(KEPT);
});

test("a sweep deletes nothing where a link leads", async () => {
  const runId = await createRun();
  const old = await save(runId, 50);
  await end(runId);
  const elsewhere = join(scratch.folder, "elsewhere");
  await rename(join(scratch.artifactsDir, runId), elsewhere);
  await symlink(elsewhere, join(scratch.artifactsDir, runId));

  await sweep({ before: new Date() });

  expect(await readdir(elsewhere)).toEqual([old.file.split("/").at(-1)]);
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

  expect(await sweep({ before: new Date(), signal: stopped })).toMatchObject({ deleted: 0 });

  expect(await isThere(old)).toEqual(KEPT);
});

test("a video that a killed server was writing goes once its run has ended, and not before", async () => {
  const runId = await createRun();
  const file = await scratch.database.artifactStore.create({ runId, mediaType: "video/webm" });
  await file.write(new Uint8Array(10), 0);

  expect(await sweep({})).toEqual(NOTHING);
  expect(await readdir(join(scratch.artifactsDir, runId))).toHaveLength(1);

  await end(runId);
  expect(await sweep({})).toEqual({ ...NOTHING, trashed: 1 });
  expect(await runFolders(scratch)).toEqual([]);
  await file.discard();
});
