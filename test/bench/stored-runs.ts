import type { Database } from "../../src/db/index.js";
import type { RunEvent, RunEventBody } from "../../src/protocol/messages.js";

/** Bytes of a picture: those of a page of 1280 × 720 as JPEG. */
const PICTURE_BYTES = 40_000;

/** Commands of a run, each with a picture. */
const COMMANDS = 4;

/** One run in so many does not pass, and keeps its evidence. */
const FAILS_ONE_IN = 10;

/** Stores runs of one case as a server does: events, pictures of each command, and evidence of those that fail. */
export async function storeRuns(database: Database, count: number): Promise<string[]> {
  const { testCaseStore, executionStore } = database;
  const { id: testCaseId, steps } = await testCaseStore.createTestCase({
    name: "Place an order",
    steps: [{ stepNumber: 1, description: "Place the order", expectedResult: "It is confirmed" }],
  });
  const stepId = steps[0]?.id ?? 0;
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    const id = `run-${number}`;
    const createdAt = new Date(Date.UTC(2026, 0, 1) + number * 60_000);
    await executionStore.createRun({
      id,
      kind: "case",
      testCaseId,
      testStepId: null,
      onFailure: "stop",
      requestId: null,
      createdAt,
    });
    await executionStore.startRun(id, createdAt);
    await storeRun(database, { id, testCaseId, stepId, createdAt, fails: number % FAILS_ONE_IN === 0 });
    ids.push(id);
  }
  return ids;
}

interface RunToStore {
  id: string;
  testCaseId: number;
  stepId: number;
  createdAt: Date;
  fails: boolean;
}

async function storeRun({ artifactStore, executionStore }: Database, run: RunToStore): Promise<void> {
  const { id: runId, testCaseId, stepId, createdAt, fails } = run;
  const keep = (
    kind: "screenshot" | "console",
    mediaType: "image/jpeg" | "application/json",
    bytes: Buffer,
  ) => artifactStore.save({ runId, stepId, kind, mediaType, bytes });
  const picture = () => keep("screenshot", "image/jpeg", Buffer.alloc(PICTURE_BYTES, 1));
  const events: RunEvent[] = [];
  const tell = (body: RunEventBody) => {
    const seq = events.length + 1;
    events.push({ ...body, run_id: runId, seq, ts: new Date(createdAt.getTime() + seq * 50).toISOString() });
  };
  tell({ type: "execution_started", step_id: stepId });
  for (let step = 1; step <= COMMANDS; step++) {
    const message = `Click button ${step} of the order`;
    tell({ type: "progress", step_id: stepId, step, total: COMMANDS, action: "click", message });
    tell({ type: "screenshot", step_id: stepId, step, image: "", url: await picture() });
  }
  const log = Buffer.from(JSON.stringify([{ at: 0, level: "error", text: "No such order" }]));
  const artifacts = fails
    ? [
        { kind: "screenshot" as const, url: await picture() },
        { kind: "console" as const, url: await keep("console", "application/json", log) },
      ]
    : [];
  const status = fails ? ("failed" as const) : ("passed" as const);
  const errorMessage = fails ? "Command 4 (click) on id 'place': no element was found." : null;
  tell({
    type: "execution_complete",
    step_id: stepId,
    status,
    message: fails ? "Step failed" : "Step executed successfully",
    execution_time_ms: 450,
    error_message: errorMessage,
    actual_result: fails ? null : "It is confirmed",
    artifacts,
    attempt: 1,
    flaky: false,
    checks: 1,
  });
  tell({
    type: "all_steps_complete",
    test_case_id: testCaseId,
    status,
    passed: fails ? 0 : 1,
    failed: fails ? 1 : 0,
    error: 0,
    skipped: 0,
    flaky: false,
    attempt: 1,
    checks: 1,
    execution_time_ms: 500,
  });
  const finishedAt = new Date(createdAt.getTime() + 500);
  const verdict = { runId, verdict: status, errorMessage, attempts: 1, flaky: false, finishedAt };
  await executionStore.append({ events, steps: [], runs: [verdict] });
}
