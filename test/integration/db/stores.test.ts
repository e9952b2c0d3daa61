import { randomUUID } from "node:crypto";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect } from "vitest";
import type { StoredTestCase } from "../../../src/cases/ports.js";
import { CaseService } from "../../../src/cases/service.js";
import { openDatabase } from "../../../src/db/index.js";
import type { NewRun, RunResult } from "../../../src/execution/ports.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { scriptTextOf } from "../../../src/protocol/script-text.js";
import { silentLog } from "../../support/silent-log.js";
import { runFolders, type ScratchDatabase } from "../../support/scratch-database.js";
import { databaseTest as test } from "../../support/scratch-fixtures.js";

let scratch: ScratchDatabase;
let cases: CaseService;
let testCase: StoredTestCase;

test.beforeEach(async ({ scratch: own }) => {
  scratch = own;
  cases = new CaseService(scratch.database.testCaseStore);
  testCase = await cases.create({
    name: "case",
    steps: ["A", "B", "C", "D"].map((description) => ({
      description,
      expectedResult: `${description} done`,
    })),
  });
});

async function createRun(fields: Partial<NewRun> = {}): Promise<string> {
  const run: NewRun = {
    id: randomUUID(),
    kind: "case",
    testCaseId: testCase.id,
    testStepId: null,
    onFailure: "stop",
    requestId: "request",
    createdAt: new Date(),
    ...fields,
  };
  await scratch.database.executionStore.createRun(run);
  return run.id;
}

function event(runId: string, seq: number): RunEvent {
  return {
    type: "progress",
    step_id: stepId("A"),
    step: 1,
    total: 2,
    action: "click",
    message: 'Grüße 🚀 "quoted" \u0000',
    run_id: runId,
    seq,
    ts: new Date(1_700_000_000_000 + seq).toISOString(),
  };
}

function passed(runId: string): RunResult {
  return {
    runId,
    verdict: "passed",
    errorMessage: null,
    attempts: 1,
    flaky: false,
    finishedAt: new Date(),
  };
}

function stepId(description: string): number {
  return testCase.steps.find((step) => step.description === description)?.id ?? 0;
}

/** The steps as `1A 2B …`. */
async function order(): Promise<string> {
  const found = await scratch.database.testCaseStore.findTestCase(testCase.id);
  return found?.steps.map((step) => `${step.stepNumber}${step.description}`).join(" ") ?? "no case";
}

describe("the execution store", () => {
  test("finds a step, and the steps of a case in the order of their numbers", async () => {
    const { executionStore, testCaseStore } = scratch.database;
    await testCaseStore.updateStep({ testCaseId: testCase.id, stepId: stepId("D") }, { stepNumber: 1 });

    expect(await executionStore.findStep(stepId("A"))).toEqual({
      id: stepId("A"),
      testCaseId: testCase.id,
      stepNumber: 2,
      description: "A",
      expectedResult: "A done",
      script: null,
      environment: null,
      typingDelay: null,
    });
    const steps = await executionStore.findSteps(testCase.id);
    expect(steps?.map(({ description }) => description)).toEqual(["D", "A", "B", "C"]);
    expect(await executionStore.findStep(999)).toBeUndefined();
    expect(await executionStore.findSteps(999)).toBeUndefined();
    expect(await executionStore.findStep(Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  test("gives events back as they were, in the order of their numbers", async () => {
    const { executionStore, runReader } = scratch.database;
    const runId = await createRun();
    const events = [1, 2, 3, 4].map((seq) => event(runId, seq));

    await executionStore.append({ events: events.slice(2), steps: [], runs: [] });
    await executionStore.append({ events: events.slice(0, 2), steps: [], runs: [] });

    expect(await runReader.findEvents(runId, { afterSeq: 0, limit: 100_000 })).toEqual(events);
    expect(await runReader.findEvents(runId, { afterSeq: 3, limit: 100_000 })).toEqual(events.slice(3));
  });

  test("refuses a number that a run has already used, and the whole batch with it", async () => {
    const { executionStore, runReader } = scratch.database;
    const runId = await createRun();
    await executionStore.append({ events: [event(runId, 1)], steps: [], runs: [] });
    const result = passed(runId);

    const batch = { events: [event(runId, 2), event(runId, 1)], steps: [], runs: [result] };
    await expect(executionStore.append(batch)).rejects.toThrow(/Unique constraint/);

    expect(await runReader.findEvents(runId, { afterSeq: 0, limit: 100_000 })).toHaveLength(1);
    expect(await scratch.database.runReader.findRun(runId)).toMatchObject({ status: "queued" });
  });

  test("saves events and the verdicts they announce together", async () => {
    const { executionStore, testCaseStore, runReader } = scratch.database;
    const runId = await createRun();
    await executionStore.startRun(runId, new Date(1000));
    await executionStore.startStep(stepId("A"), runId);
    expect(await testCaseStore.findStep(stepId("A"))).toMatchObject({ executionStatus: "running" });

    const executedAt = new Date(2000);
    const step = { stepId: stepId("A"), executionTimeMs: 412, executedAt };
    await executionStore.append({
      events: [event(runId, 1)],
      steps: [{ ...step, verdict: "passed", errorMessage: null, actualResult: "A done" }],
      runs: [{ ...passed(runId), attempts: 3, flaky: true, finishedAt: new Date(3000) }],
    });

    expect(await testCaseStore.findStep(stepId("A"))).toMatchObject({
      executionStatus: "passed",
      executionTimeMs: 412,
      lastExecutedAt: executedAt,
      errorMessage: null,
      actualResult: "A done",
    });
    expect(await runReader.findRun(runId)).toMatchObject({
      status: "passed",
      attempts: 3,
      flaky: true,
      startedAt: new Date(1000),
      finishedAt: new Date(3000),
    });

    await executionStore.append({
      events: [],
      steps: [{ ...step, verdict: "failed", errorMessage: "no button", actualResult: null }],
      runs: [],
    });
    expect(await testCaseStore.findStep(stepId("A"))).toMatchObject({
      executionStatus: "failed",
      errorMessage: "no button",
      actualResult: "A done",
    });
  });

  test("finds the runs that a stopped server left behind, oldest first, with their events", async () => {
    const { executionStore } = scratch.database;
    const newer = await createRun({ createdAt: new Date(2000), kind: "step", testStepId: stepId("B") });
    const older = await createRun({ createdAt: new Date(1000) });
    const ended = await createRun();
    await executionStore.startRun(older, new Date());
    const finished = { ...passed(ended), verdict: "error", errorMessage: "lost" } as const;
    await executionStore.append({ events: [event(older, 1)], steps: [], runs: [finished] });

    await scratch.database.close();
    const { artifactsDir, url } = scratch;
    const next = await openDatabase({ url, artifactsDir, log: silentLog });

    expect(await next.executionStore.takeAbandonedRuns("start", new Date())).toEqual([
      {
        id: older,
        kind: "case",
        testCaseId: testCase.id,
        testStepId: null,
        requestId: "request",
        events: [event(older, 1)],
      },
      {
        id: newer,
        kind: "step",
        testCaseId: testCase.id,
        testStepId: stepId("B"),
        requestId: "request",
        events: [],
      },
    ]);
    await next.close();
  });
});

describe("a generated case", () => {
  const step = {
    description: "Open",
    expectedResult: "It is open",
    seleniumScript: "time.sleep(1)",
    seleniumScriptJson: scriptTextOf([{ action: "wait", duration: 1 }]),
  };
  const generated = {
    name: "generated",
    description: "open it",
    generator: "plain-english",
    steps: [step, { ...step, description: "Close" }],
  };
  const once = { principal: "token:1", key: "a key", asked: "{}" };

  test("is saved with its steps as a draft", async () => {
    const { id } = await cases.create(generated);

    expect(await cases.read(id)).toMatchObject({
      name: "generated",
      status: "draft",
      generator: "plain-english",
      steps: [
        { stepNumber: 1, description: "Open", seleniumScriptJson: '[{"action":"wait","duration":1}]' },
        { stepNumber: 2, description: "Close", seleniumScript: "time.sleep(1)" },
      ],
    });
  });

  test("is not saved when a step cannot be saved", async () => {
    const broken = { ...step, description: null as unknown as string };

    const saving = cases.create({ ...generated, generator: "openai", steps: [step, broken] });

    await expect(saving).rejects.toThrow();
    expect((await cases.list({ limit: 10 })).items).toHaveLength(1);
  });

  test("is saved once for a request with a key, and found again by it", async () => {
    const [made] = (await cases.createAll([generated], once)) ?? [];

    expect(await cases.createAll([generated], once)).toBeUndefined();
    expect(await cases.createAll([generated], { ...once, principal: "token:2" })).toBeDefined();
    expect((await cases.list({ limit: 10 })).items).toHaveLength(3);
    expect(await cases.findMadeBy(once)).toMatchObject({
      testCases: [{ id: made?.id, name: "generated", generator: "plain-english", stepsCount: 2 }],
      asked: "{}",
    });
    expect(await cases.findMadeBy({ ...once, key: "another" })).toBeUndefined();
  });

  test("is saved with the others of its request, or none of them is", async () => {
    const several = ["a", "b", "c"].map((name) => ({ ...generated, name }));
    const before = (await cases.list({ limit: 10 })).items.length;
    const broken = { ...generated, steps: [{ ...step, description: null as unknown as string }] };

    await expect(cases.createAll([...several, broken], once)).rejects.toThrow();
    expect((await cases.list({ limit: 10 })).items).toHaveLength(before);

    await cases.createAll(several, once);
    expect(await cases.createAll(several, once)).toBeUndefined();
    expect((await cases.list({ limit: 10 })).items).toHaveLength(before + 3);
    expect(await cases.findMadeBy(once)).toMatchObject({ testCases: several.map(({ name }) => ({ name })) });
  });
});

describe("step numbers", () => {
  test.each([
    ["A", 3, "1B 2C 3A 4D"],
    ["A", 4, "1B 2C 3D 4A"],
    ["D", 1, "1D 2A 3B 4C"],
    ["B", 3, "1A 2C 3B 4D"],
    ["C", 2, "1A 2C 3B 4D"],
    ["B", 2, "1A 2B 3C 4D"],
    ["A", 9, "1B 2C 3D 9A"],
  ])("moving %s to %i makes the others close up and move over", async (description, stepNumber, expected) => {
    const { testCaseStore } = scratch.database;

    await testCaseStore.updateStep({ testCaseId: testCase.id, stepId: stepId(description) }, { stepNumber });

    expect(await order()).toBe(expected);
  });

  test("a step added at a taken number moves the following steps up, without a number it becomes the last", async () => {
    const { testCaseStore } = scratch.database;

    await testCaseStore.addStep(testCase.id, { description: "X", stepNumber: 2 });
    await testCaseStore.addStep(testCase.id, { description: "Y" });
    await testCaseStore.addStep(testCase.id, { description: "Z", stepNumber: 9 });

    expect(await order()).toBe("1A 2X 3B 4C 5D 6Y 9Z");
  });

  test("a deleted step closes its gap", async () => {
    await scratch.database.testCaseStore.deleteStep({ testCaseId: testCase.id, stepId: stepId("B") });

    expect(await order()).toBe("1A 2C 3D");
  });

  test("another case's numbers stay as they are", async () => {
    const { testCaseStore } = scratch.database;
    const other = await cases.create({
      name: "other",
      steps: [{ description: "1" }, { description: "2" }],
    });

    await testCaseStore.addStep(testCase.id, { description: "X", stepNumber: 1 });

    const steps = (await testCaseStore.findTestCase(other.id))?.steps;
    expect(steps?.map(({ stepNumber }) => stepNumber)).toEqual([1, 2]);
  });

  test("moves made at the same time leave every number used once", async () => {
    const { testCaseStore } = scratch.database;

    await Promise.all(
      ["A", "B", "C", "D"].map((description) =>
        testCaseStore.updateStep({ testCaseId: testCase.id, stepId: stepId(description) }, { stepNumber: 2 }),
      ),
    );

    expect((await order()).replaceAll(/[A-D]/g, "")).toBe("1 2 3 4");
  });
});

describe("deleting", () => {
  const bytes = new Uint8Array([1, 2, 3]);

  async function endedRun(fields: Partial<NewRun> = {}): Promise<string> {
    const runId = await createRun(fields);
    const result = passed(runId);
    await scratch.database.executionStore.append({ events: [event(runId, 1)], steps: [], runs: [result] });
    return runId;
  }

  function saveArtifact(runId: string): Promise<string> {
    return scratch.database.artifactStore.save({
      runId,
      stepId: stepId("A"),
      kind: "screenshot",
      mediaType: "image/jpeg",
      bytes,
    });
  }

  test("a case takes its steps, runs, events and artifacts along, files included", async () => {
    const { testCaseStore, runReader, artifactStore } = scratch.database;
    const runId = await endedRun();
    const url = await saveArtifact(runId);
    expect(await readdir(join(scratch.artifactsDir, runId))).toHaveLength(1);

    await testCaseStore.deleteTestCase(testCase.id);

    expect(await testCaseStore.findStep(stepId("A"))).toBeUndefined();
    expect(await runReader.findRun(runId)).toBeUndefined();
    expect(await runReader.findEvents(runId, { afterSeq: 0, limit: 100_000 })).toEqual([]);
    expect(await artifactStore.openArtifact(url.split("/").at(-1) ?? "")).toBeUndefined();
    expect(await runFolders(scratch)).toEqual([]);
  });

  test("a step leaves the history of its runs and their artifacts", async () => {
    const { testCaseStore, runReader, artifactStore } = scratch.database;
    const runId = await endedRun({ kind: "step", testStepId: stepId("A") });
    const url = await saveArtifact(runId);

    await testCaseStore.deleteStep({ testCaseId: testCase.id, stepId: stepId("A") });

    expect(await runReader.findRun(runId)).toMatchObject({ testStepId: null });
    const artifact = await artifactStore.openArtifact(url.split("/").at(-1) ?? "");
    expect(artifact?.size).toBe(3);
    await artifact?.close();
  });

  test("neither case nor step goes while a run of the case is under way", async () => {
    const { testCaseStore } = scratch.database;
    await createRun();

    await expect(testCaseStore.deleteTestCase(testCase.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(
      testCaseStore.deleteStep({ testCaseId: testCase.id, stepId: stepId("A") }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await order()).toBe("1A 2B 3C 4D");
  });
});

describe("the artifact store", () => {
  const artifact = {
    kind: "page_source",
    mediaType: "text/html",
    bytes: Buffer.from("<p>Grüße</p>"),
  } as const;

  test("gives back what it was given", async () => {
    const { artifactStore } = scratch.database;
    const runId = await createRun();

    const url = await artifactStore.save({ ...artifact, runId, stepId: stepId("A") });

    const id = /^\/api\/artifacts\/([0-9a-f-]{36})$/.exec(url)?.[1] ?? "";
    const found = await artifactStore.openArtifact(id);
    expect(found).toMatchObject({
      id,
      name: null,
      kind: "page_source",
      mediaType: "text/html",
      fileName: `${id}.html`,
      size: 14,
    });
    expect(found && (await text(found.read()))).toBe("<p>Grüße</p>");
  });

  test("copies a file, and lists what it keeps of a run", async () => {
    const { artifactStore } = scratch.database;
    const runId = await createRun();
    const file = join(scratch.folder, "invoice.pdf");
    await writeFile(file, "%PDF");
    const download = {
      kind: "download",
      mediaType: "application/octet-stream",
      name: "Rechnung №1.pdf",
    } as const;

    const url = await artifactStore.save({ ...download, runId, stepId: stepId("A"), file });
    await rm(file);
    await artifactStore.save({ ...artifact, runId, stepId: stepId("A") });

    const id = url.split("/").at(-1) ?? "";
    const listed = await artifactStore.listArtifacts(runId);
    // Two may come in the same millisecond.
    expect(listed.sort((one, other) => one.size - other.size)).toMatchObject([
      { ...download, id, fileName: `${id}.bin`, size: 4 },
      { kind: "page_source", name: null, size: 14 },
    ]);
    const found = await artifactStore.openArtifact(id);
    expect(found && (await text(found.read()))).toBe("%PDF");
  });

  test("keeps a file that was written bit by bit, once it is complete", async () => {
    const { artifactStore } = scratch.database;
    const runId = await createRun();
    const file = await artifactStore.create({ runId, mediaType: "video/webm" });
    await file.write(Buffer.from("..2345"), 0);
    await file.write(Buffer.from("01"), 0);
    await file.write(Buffer.from("67"), 6);
    expect(await artifactStore.listArtifacts(runId)).toEqual([]);

    const url = await file.keep({ stepId: stepId("A"), kind: "video", name: "video.webm" });

    const id = url.split("/").at(-1) ?? "";
    const kept = {
      id,
      runId,
      testStepId: stepId("A"),
      kind: "video",
      mediaType: "video/webm",
      name: "video.webm",
      variant: null,
      fileName: `${id}.webm`,
      size: 8,
      missingSince: null,
    };
    expect(await artifactStore.listArtifacts(runId)).toEqual([kept]);
    const found = await artifactStore.openArtifact(id);
    expect(found && (await text(found.read()))).toBe("01234567");
  });

  test("leaves nothing of a file that is discarded, or cannot be kept", async () => {
    const { artifactStore } = scratch.database;
    const runId = await createRun();
    const discarded = await artifactStore.create({ runId, mediaType: "video/webm" });
    await discarded.write(Buffer.from("x"), 0);
    await discarded.discard();
    const lost = await artifactStore.create({ runId, mediaType: "video/webm" });
    await expect(lost.keep({ stepId: 9_999_999, kind: "video" })).rejects.toThrow(/[Ff]oreign key/);
    await lost.discard();
    expect(await readdir(join(scratch.artifactsDir, runId))).toEqual([]);
    expect(await artifactStore.listArtifacts(runId)).toEqual([]);
  });

  test("a file that is gone before it could be copied leaves nothing behind", async () => {
    const { artifactStore } = scratch.database;
    const runId = await createRun();
    const lost = {
      kind: "download",
      mediaType: "application/octet-stream",
      file: "/nowhere/at/all",
    } as const;

    await expect(artifactStore.save({ ...lost, runId, stepId: stepId("A") })).rejects.toThrow(/ENOENT/);

    expect(await artifactStore.listArtifacts(runId)).toEqual([]);
    expect(await readdir(join(scratch.artifactsDir, runId))).toEqual([]);
  });

  test("leaves no file behind when there is no run that it belongs to", async () => {
    const { artifactStore } = scratch.database;

    await expect(
      artifactStore.save({ ...artifact, runId: "unknown", stepId: stepId("A") }),
    ).rejects.toThrow();

    expect(await readdir(join(scratch.artifactsDir, "unknown"))).toEqual([]);
  });

  test.each(["../escape", "..", "a/b", "a\\b", "", "/etc", "a\0b"])(
    "refuses %j as a folder",
    async (runId) => {
      const { artifactStore } = scratch.database;

      await expect(artifactStore.save({ ...artifact, runId, stepId: stepId("A") })).rejects.toThrow(
        /cannot name a folder/,
      );
    },
  );

  test("finds nothing when the file is gone", async () => {
    const { artifactStore } = scratch.database;
    const runId = await createRun();
    const url = await artifactStore.save({ ...artifact, runId, stepId: stepId("A") });
    await rm(join(scratch.artifactsDir, runId), { recursive: true });

    expect(await artifactStore.openArtifact(url.split("/").at(-1) ?? "")).toBeUndefined();
  });
});
