import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, vi } from "vitest";
import { parseBucketUrl } from "../../../../src/db/artifacts/bucket/location.js";
import { BucketObjects } from "../../../../src/db/artifacts/bucket/objects.js";
import { MARK_FILE } from "../../../../src/db/artifacts/mark.js";
import { openDatabase, type Database } from "../../../../src/db/index.js";
import type { Retention } from "../../../../src/execution/ports.js";
import { stepwire } from "../../../support/logins.js";
import { S3_KEYS, s3Test } from "../../../support/s3-server.js";
import { silentLog } from "../../../support/silent-log.js";
import { databaseUrlIn, dropDatabase } from "../../../support/test-databases.js";

const KEEP_ALL = { before: undefined, maxBytes: undefined };

async function sweep({ artifactStore }: Database, limits: Partial<Retention> = {}) {
  return await artifactStore.sweep({ ...KEEP_ALL, signal: new AbortController().signal, ...limits });
}

const picture = (content = "picture") =>
  ({ kind: "screenshot", mediaType: "image/jpeg", bytes: Buffer.from(content) }) as const;

const test = s3Test
  .extend("urlOf", ({ folder }, { onCleanup }) => {
    const urls = new Map<string, Promise<string>>();
    onCleanup(async () => {
      for (const url of urls.values()) await dropDatabase(await url);
    });
    return (name: string) => {
      const url = urls.get(name) ?? databaseUrlIn(folder, name);
      urls.set(name, url);
      return url;
    };
  })
  .extend("open", ({ urlOf, s3 }, { onCleanup }) => {
    const opened: Database[] = [];
    onCleanup(async () => {
      for (const database of opened) await database.close();
    });
    return async (name = "test", artifactsDir = s3.artifactsDir()) => {
      const database = await openDatabase({ url: await urlOf(name), artifactsDir, log: silentLog });
      opened.push(database);
      return database;
    };
  })
  .extend("objects", ({ s3 }, { onCleanup }) => {
    const objects = new BucketObjects(parseBucketUrl(s3.artifactsDir()));
    onCleanup(() => {
      objects.close();
    });
    return objects;
  })
  .extend("keysIn", ({ objects }) => async (start = "") => {
    const keys: string[] = [];
    for await (const page of objects.list(start)) keys.push(...page);
    return keys;
  });

/** A run that has ended, with its case and step. */
async function endedRun({ testCaseStore, executionStore }: Database) {
  const testCase = await testCaseStore.createTestCase({
    name: "case",
    steps: [{ stepNumber: 1, description: "A" }],
  });
  const stepId = testCase.steps[0]?.id ?? 0;
  const runId = randomUUID();
  const run = { id: runId, kind: "step", testCaseId: testCase.id, testStepId: stepId } as const;
  await executionStore.createRun({ ...run, onFailure: "stop", requestId: null, createdAt: new Date() });
  const end = async () => {
    const result = { runId, verdict: "failed", errorMessage: null, attempts: 1, flaky: false } as const;
    const finishedAt = new Date(Date.now() - 1);
    await executionStore.append({ events: [], steps: [], runs: [{ ...result, finishedAt }] });
  };
  return { runId, stepId, testCaseId: testCase.id, end };
}

describe("a bucket", () => {
  test("becomes a database's own, and is found again by it", async ({ open, keysIn }) => {
    const first = await open();
    const { runId, stepId } = await endedRun(first);
    const url = await first.artifactStore.save({ runId, stepId, ...picture() });
    await first.close();

    const again = await open();
    const content = await again.artifactStore.openArtifact(basename(url));
    expect(content && (await text(content.read()))).toBe("picture");
    expect(await keysIn()).toEqual([`${runId}/${basename(url)}.jpg`, MARK_FILE].toSorted());
  });

  test("of another database stops the start, with a folder of its own as the remedy", async ({
    open,
    s3,
  }) => {
    await open();
    await expect(open("other")).rejects.toThrow(
      /^ARTIFACTS_DIR: s3:\/\/stepwire\/tests\/artifacts belongs to another database \(\S+\)\. Name a folder of its own for this one, such as ARTIFACTS_DIR=s3:\/\/stepwire\/\S+-artifacts\?endpoint=\S+&region=us-east-1, /,
    );
    await expect(open("other", s3.artifactsDir("tests/others"))).resolves.toBeDefined();
  });

  test("is one for only one of several new databases that start at the same time", async ({ open }) => {
    // Names of one length: this server writes objects in place, and S3 does not. The end of a longer mark would stay.
    const opened = await Promise.allSettled(["one", "two", "six"].map((name) => open(name)));
    const refusals = opened.flatMap((result) =>
      result.status === "rejected" ? [String(result.reason)] : [],
    );
    expect(refusals).toEqual([
      expect.stringContaining("belongs to another database"),
      expect.stringContaining("belongs to another database"),
    ]);
  });

  test("that has lost its mark stops the start until it is given to the database again", async ({
    open,
    objects,
    urlOf,
    s3,
  }) => {
    const database = await open();
    const { runId, stepId, end } = await endedRun(database);
    const url = await database.artifactStore.save({ runId, stepId, ...picture() });
    await end();
    await objects.delete([MARK_FILE]);
    await expect(database.artifactStore.check()).rejects.toThrow("has lost its mark");
    await database.close();

    await expect(open()).rejects.toThrow(/is not there or has lost its mark[^\n]*artifacts adopt/);
    const environment = { ...S3_KEYS, ARTIFACTS_DIR: s3.artifactsDir() };
    expect(await stepwire(await urlOf("test"), ["artifacts", "adopt"], environment)).toMatchObject({
      code: 0,
      stdout: `${s3.artifactsDir()} belongs to this database now.\n`,
    });
    const again = await open();
    expect(await again.artifactStore.openArtifact(basename(url))).toMatchObject({ size: 7 });
  });

  test.for([
    ["that is not there", { bucket: "s3://elsewhere" }, "NoSuchBucket"],
    ["with an unknown key", { AWS_ACCESS_KEY_ID: "unknown" }, "InvalidAccessKeyId"],
    ["whose server is not there", { endpoint: "http://127.0.0.1:1" }, "ECONNREFUSED"],
  ] as const)("%s stops the start and says so", async ([, wrong, reason], { open, s3 }) => {
    let artifactsDir = s3.artifactsDir();
    if ("AWS_ACCESS_KEY_ID" in wrong) vi.stubEnv("AWS_ACCESS_KEY_ID", wrong.AWS_ACCESS_KEY_ID);
    if ("bucket" in wrong) artifactsDir = artifactsDir.replace("s3://stepwire", wrong.bucket);
    if ("endpoint" in wrong) artifactsDir = artifactsDir.replace(s3.endpoint, wrong.endpoint);
    await expect(open("test", artifactsDir)).rejects.toThrow(
      new RegExp(
        `^ARTIFACTS_DIR: the bucket s3://\\S+ cannot be used \\(${reason}\\)\\. .*AWS_ACCESS_KEY_ID`,
      ),
    );
  });

  test("whose server says nothing is given up", async ({ onTestFinished, s3 }) => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const connections = new Set<Socket>();
    silent.on("connection", (connection) => connections.add(connection));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const location = parseBucketUrl(s3.artifactsDir().replace(s3.endpoint, endpoint));
    const limits = { connectMs: 500, silenceMs: 500, requestMs: 1_500, fileMs: 1_500 };
    const objects = new BucketObjects(location, limits);
    onTestFinished(() => {
      objects.close();
      for (const connection of connections) connection.destroy();
      silent.close();
    });
    await expect(objects.readText("a")).rejects.toThrow();
    await expect(objects.put("a", Buffer.from("1"))).rejects.toThrow();
    await expect(objects.putFile("a", import.meta.filename, 10)).rejects.toThrow();
    await expect(text(objects.stream("a"))).rejects.toThrow();
  });
});

describe("the sweep of a bucket", () => {
  test("deletes old artifacts, and no others", async ({ open, keysIn }) => {
    const database = await open();
    const { runId, stepId, end } = await endedRun(database);
    for (const content of ["1", "2", "3"])
      await database.artifactStore.save({ runId, stepId, ...picture(content) });
    await expect(sweep(database, { maxBytes: 0 })).resolves.toMatchObject({ deleted: 0 });
    await end();
    await expect(sweep(database, { maxBytes: 1 })).resolves.toMatchObject({ deleted: 2, trashed: 0 });
    expect(await keysIn(runId)).toHaveLength(1);
  });

  test("puts files without a row into the trash, and back once there is one", async ({
    open,
    keysIn,
    objects,
  }) => {
    const database = await open();
    const { runId, stepId, end } = await endedRun(database);
    const url = await database.artifactStore.save({ runId, stepId, ...picture() });
    await end();
    const orphan = `${randomUUID()}/${randomUUID()}.jpg`;
    await objects.put(orphan, Buffer.from("orphan"));
    const path = `${runId}/${basename(url)}.jpg`;
    const day = new Date().toISOString().slice(0, 10);
    await objects.move(path, `trash/${day}/${path}`);

    await expect(sweep(database)).resolves.toMatchObject({ trashed: 1, missing: 0 });
    expect(await keysIn(runId)).toEqual([path]);
    expect(await keysIn("trash/")).toEqual([`trash/${day}/${orphan}`]);
  });

  test("marks rows without a file, until it is there again", async ({ open, objects }) => {
    const database = await open();
    const { runId, stepId, end } = await endedRun(database);
    const url = await database.artifactStore.save({ runId, stepId, ...picture() });
    await end();
    const path = `${runId}/${basename(url)}.jpg`;
    await objects.delete([path]);
    await expect(sweep(database)).resolves.toMatchObject({ missing: 1, found: 0 });
    await expect(database.artifactStore.openArtifact(basename(url))).resolves.toBeUndefined();
    await objects.put(path, Buffer.from("picture"));
    await expect(sweep(database)).resolves.toMatchObject({ missing: 0, found: 1 });
  });

  test("goes with a test case: its files are deleted", async ({ open, keysIn }) => {
    const database = await open();
    const { runId, stepId, testCaseId, end } = await endedRun(database);
    const url = await database.artifactStore.save({ runId, stepId, ...picture() });
    await end();
    const artifactId = basename(url);
    const baseline = { testCaseId, name: "home", variant: "chrome-1280x720@1", acceptedBy: null };
    const saved = await database.baselineStore.saveBaseline({ ...baseline, artifactId });
    const opened = await database.baselineStore.openBaseline(testCaseId, saved?.id ?? "");
    expect(opened && (await text(opened.read()))).toBe("picture");
    await database.testCaseStore.deleteTestCase(testCaseId);
    await vi.waitFor(async () => {
      expect(await keysIn()).toEqual([MARK_FILE]);
    });
  });
});

test("a large file is sent and read in pieces, and a half that nobody reads is not", async ({
  open,
  folder,
}) => {
  const database = await open();
  const { runId, stepId } = await endedRun(database);
  const file = join(folder, "download");
  const size = 40_000_000;
  await writeFile(file, Buffer.alloc(size, "x"));
  const description = { kind: "download", mediaType: "application/octet-stream", name: "a.bin" } as const;
  const url = await database.artifactStore.save({ runId, stepId, ...description, file });
  const content = await database.artifactStore.openArtifact(basename(url));
  expect(content).toMatchObject({ size });
  let read = 0;
  for await (const chunk of content?.read() ?? []) {
    read += (chunk as Buffer).length;
    expect((chunk as Buffer).length).toBeLessThan(1_000_000);
    if (read > size / 2) break;
  }
  expect(read).toBeLessThan(size * 0.6);
});
