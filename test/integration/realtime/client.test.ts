import { gzipSync } from "node:zlib";
import { describe, expect } from "vitest";
import WebSocket from "ws";
import {
  ClosedError,
  connect,
  RequestError,
  type RunEvent,
  type StepwireClient,
} from "../../../src/client/index.js";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { clientBundle } from "../../support/client-bundle.js";
import { FakePool } from "../../support/fake-browser.js";
import { disconnectAtRandom } from "../../support/disconnects.js";

/** Size of the client for a browser, in bytes after gzip, that must not be passed. */
const LARGEST_CLIENT = 12 * 1024;

const DISCONNECTS = 1_000;
/** At least: the start, what is run, thirteen commands of which twelve log a line, and the end. */
const EVENTS_OF_RUN = 1 + 1 + 13 + 12 + 1;

const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ action: "log", message: `Line ${index}` }));

async function eventsOf(run: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

const withoutGaps = (events: RunEvent[]) =>
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));

const test = sharedAppTest()
  .override("environment", {
    MESSAGES_PER_SECOND: "0",
    MAX_CONNECTIONS_PER_ADDRESS: "0",
    MAX_QUEUED_RUNS_PER_PRINCIPAL: "0",
    SCREENSHOTS: "url",
  })
  .override("pool", () => new FakePool(4))
  .extend("newClient", ({ testApp }, { onCleanup }) => {
    const clients: StepwireClient[] = [];
    onCleanup(() => {
      for (const client of clients) client.close();
    });
    return async (): Promise<StepwireClient> => {
      const client = await connect({
        url: `http://${testApp.address}`,
        WebSocket,
        minDelayMs: 5,
        maxDelayMs: 20,
      });
      clients.push(client);
      return client;
    };
  });

describe("what a program asks for", () => {
  test("a step: its events in order, then its result", async ({ testApp, newClient }) => {
    const { stepIds } = await testApp.createCase([lines(3)]);
    const client = await newClient();
    const run = client.executeStep(stepIds[0] ?? 0);
    const events = await eventsOf(run);
    withoutGaps(events);
    expect(events.at(-1)?.type).toBe("execution_complete");
    expect(await run.result).toMatchObject({ type: "execution_complete", status: "passed" });
    expect(await run.accepted).toBe(events[0]?.run_id);
  });

  test("a case, and a run that someone else has started, from the middle on", async ({
    testApp,
    newClient,
  }) => {
    const { caseId } = await testApp.createCase([lines(2), lines(2)]);
    const client = await newClient();
    const run = client.executeAll(caseId);
    expect(await run.result).toMatchObject({ status: "passed", passed: 2 });
    const events = await eventsOf((await newClient()).watch(await run.accepted, 3));
    expect(events[0]?.seq).toBe(4);
    expect(events.at(-1)?.type).toBe("all_steps_complete");
  });

  test("a run is paused, stepped, resumed and cancelled", async ({ testApp, newClient }) => {
    const { stepIds } = await testApp.createCase([
      [{ action: "pause" }, ...lines(2), { action: "wait", duration: 60 }],
    ]);
    const client = await newClient();
    const run = client.executeStep(stepIds[0] ?? 0);
    for await (const event of run) {
      if (event.type === "paused") break;
    }
    await run.resume();
    for await (const event of run) {
      if (event.type === "progress" && event.action === "wait") break;
    }
    await run.cancel();
    expect(await run.result).toMatchObject({ status: "error", error_message: "Cancelled" });
  });

  test("a test case is generated", async ({ newClient }) => {
    const client = await newClient();
    const stages: number[] = [];
    const result = await client.generateTestCase(
      "Open http://shop.test. Click the Buy button.",
      ({ progress }) => stages.push(progress),
    );
    expect(result).toMatchObject({ success: true, generator: "plain-english" });
    expect(stages).toEqual([10, 30, 70, 100]);
  });

  test("what the server refuses is an error with its code", async ({ newClient }) => {
    const client = await newClient();
    await expect(client.executeStep(999_999).result).rejects.toMatchObject({ code: "step_not_found" });
    await expect(client.cancel("no-such-run")).rejects.toBeInstanceOf(RequestError);
    await expect(client.watch("no-such-run").result).rejects.toMatchObject({ code: "run_not_found" });
  });

  test("closing ends what is open, and says so", async ({ testApp, newClient }) => {
    const { stepIds } = await testApp.createCase([[{ action: "wait", duration: 30 }]]);
    const client = await newClient();
    const run = client.executeStep(stepIds[0] ?? 0);
    const runId = await run.accepted;
    client.close();
    await expect(run.result).rejects.toBeInstanceOf(ClosedError);
    await expect(client.generateTestCase("Anything.")).rejects.toBeInstanceOf(ClosedError);
    await (await newClient()).cancel(runId);
  });
});

describe("over a network that fails", () => {
  test(
    `${DISCONNECTS} disconnects at random moments lose no event, repeat none and start nothing twice`,
    { timeout: 120_000 },
    async ({ testApp }) => {
      const script = [...lines(6), { action: "wait", duration: 0.03 }, ...lines(6)];
      const report = await disconnectAtRandom(testApp.address, { disconnects: DISCONNECTS, script });
      expect(report).toMatchObject({ lost: 0, duplicated: 0, startedTwice: 0 });
      expect(report.cut).toBeGreaterThanOrEqual(DISCONNECTS);
      expect(report.events).toBeGreaterThanOrEqual(report.runs * EVENTS_OF_RUN);
    },
  );

  test("a request that comes again on another connection is answered with the run that it started", async ({
    testApp,
  }) => {
    const { stepIds } = await testApp.createCase([lines(2)]);
    const request = {
      type: "execute_step",
      step_id: stepIds[0],
      idempotency_key: "0123456789abcdef0123456789abcdef",
    };
    const runIds: string[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const socket = new WebSocket(`ws://${testApp.address}/ws/execute-step`);
      await new Promise((resolve) => socket.once("open", resolve));
      const complete = new Promise<string>((resolve) => {
        socket.on("message", (data: Buffer) => {
          const message = JSON.parse(data.toString()) as { type: string; run_id: string };
          if (message.type === "execution_complete") resolve(message.run_id);
        });
      });
      socket.send(JSON.stringify(request));
      runIds.push(await complete);
      socket.terminate();
    }
    expect(new Set(runIds).size).toBe(1);
  });
});

test("the client for browsers is small and has nothing of the server in it", async () => {
  const code = await clientBundle();
  expect(code.length).toBeGreaterThan(1_000);
  expect(gzipSync(code).length).toBeLessThanOrEqual(LARGEST_CLIENT);
});
