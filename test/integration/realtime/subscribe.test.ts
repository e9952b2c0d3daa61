import fc from "fast-check";
import { describe, expect } from "vitest";
import { ServerMessage } from "../../../src/protocol/messages.js";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { TestClient, type Message } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { startApp } from "../../support/test-app.js";

const HELD = [{ action: "navigate", url: "http://app.test/" }];
const chatter = (lines: number) =>
  Array.from({ length: lines }, (_, index) => ({ action: "log", message: `Line ${index}` }));

const eventsOf = ({ received }: TestClient) => received.filter(({ seq }) => seq !== undefined);
const withoutImages = (events: Message[]) =>
  events.map((event) => (event.type === "screenshot" ? { ...event, image: "" } : event));

const test = sharedAppTest()
  .override("environment", { MESSAGES_PER_SECOND: "0", MAX_CONNECTIONS_PER_ADDRESS: "0" })
  /** Starts a run and holds it in its first command. */
  .extend("holdRun", ({ testApp, pool, connect }) => async (script: object[]) => {
    const { stepIds } = await testApp.createCase([script]);
    let release: () => void = () => undefined;
    pool.page.hold = new Promise((resolve) => (release = resolve));
    const starter = await connect();
    starter.send({ type: "execute_step", step_id: stepIds[0], request_id: "starter" });
    const { run_id } = await starter.next("progress");
    const goOn = () => {
      pool.page.hold = undefined;
      release();
    };
    return { starter, runId: String(run_id), goOn };
  })
  .extend("storedEvents", ({ testApp }) => async (runId: string): Promise<Message[]> => {
    const response = await fetch(`http://${testApp.address}/api/runs/${runId}/events`);
    return (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Message);
  });

describe("subscribe", () => {
  test("several connections see the same run, whenever they come", async ({
    holdRun,
    connect,
    storedEvents,
  }) => {
    const { starter, runId, goOn } = await holdRun([...HELD, ...chatter(20)]);
    const early = await connect();
    early.send({ type: "subscribe", run_id: runId, request_id: "early" });
    expect(await early.next("subscribed")).toEqual({
      type: "subscribed",
      run_id: runId,
      after_seq: 0,
      live: true,
      request_id: "early",
    });
    const partial = await connect();
    partial.send({ type: "subscribe", run_id: runId, after_seq: 2 });
    await partial.next("subscribed");
    goOn();
    const complete = await early.next("subscription_complete");
    await partial.next("subscription_complete");
    const late = await connect();
    late.send({ type: "subscribe", run_id: runId });
    expect(await late.next("subscribed")).toMatchObject({ live: false });
    await late.next("subscription_complete");

    const stored = await storedEvents(runId);
    expect(complete).toMatchObject({ run_id: runId, last_seq: stored.length, request_id: "early" });
    await starter.next("execution_complete");
    expect(withoutImages(eventsOf(starter))).toEqual(stored);
    expect(withoutImages(eventsOf(early))).toEqual(stored);
    expect(withoutImages(eventsOf(partial))).toEqual(stored.slice(2));
    expect(eventsOf(late)).toEqual(stored);
    // A client that watched while the picture was taken has it; one that came later has its URL.
    expect(eventsOf(early).filter(({ image }) => image === "")).toEqual([]);
    for (const client of [starter, early, partial, late]) {
      for (const message of client.received) ServerMessage.parse(message);
    }
    // A client that has not asked for a subscription hears of none, as the first frontends expect it.
    expect(starter.received.map(({ type }) => type)).not.toContain("subscription_complete");
  });

  test("one connection can watch several runs, also those that wait", async ({
    holdRun,
    testApp,
    connect,
    storedEvents,
  }) => {
    const first = await holdRun([...HELD, ...chatter(5)]);
    const { stepIds } = await testApp.createCase([chatter(5)]);
    first.starter.send({ type: "execute_step", step_id: stepIds[0] });
    const waiting = await first.starter.next("queued");
    const watcher = await connect();
    for (const run_id of [first.runId, waiting["run_id"]]) watcher.send({ type: "subscribe", run_id });
    await watcher.next(({ type, run_id }) => type === "queued" && run_id === waiting["run_id"]);
    first.goOn();
    for (const runId of [first.runId, String(waiting["run_id"])]) {
      await watcher.next(({ type, run_id }) => type === "subscription_complete" && run_id === runId);
      const own = eventsOf(watcher).filter(({ run_id }) => run_id === runId);
      expect(withoutImages(own)).toEqual(await storedEvents(runId));
    }
  });

  test("to a run that does not exist is refused", async ({ connect }) => {
    const client = await connect();
    client.send({ type: "subscribe", run_id: "none", request_id: "s" });
    expect(await client.next("execution_error")).toMatchObject({
      code: "run_not_found",
      run_id: "none",
      request_id: "s",
    });
  });

  test("again goes on from where the client says, in place of the first", async ({
    holdRun,
    connect,
    storedEvents,
  }) => {
    const { runId, goOn } = await holdRun([...HELD, ...chatter(5)]);
    const client = await connect();
    client.send({ type: "subscribe", run_id: runId });
    await client.next("progress");
    client.send({ type: "subscribe", run_id: runId, after_seq: eventsOf(client).length });
    await client.next(({ type, after_seq }) => type === "subscribed" && after_seq !== 0);
    goOn();
    await client.next("subscription_complete");
    expect(withoutImages(eventsOf(client))).toEqual(await storedEvents(runId));
    expect(client.received.filter(({ type }) => type === "subscription_complete")).toHaveLength(1);
  });
});

test("unsubscribe ends the events, not the run", async ({ holdRun, connect }) => {
  const { starter, runId, goOn } = await holdRun([...HELD, ...chatter(5)]);
  const client = await connect();
  client.send({ type: "subscribe", run_id: runId });
  await client.next("progress");
  client.send({ type: "unsubscribe", run_id: runId, request_id: "u" });
  expect(await client.next("unsubscribed")).toEqual({ type: "unsubscribed", run_id: runId, request_id: "u" });
  const seen = client.received.length;
  goOn();
  expect(await starter.next("execution_complete")).toMatchObject({ status: "passed" });
  client.send({ type: "unsubscribe", run_id: runId, request_id: "last" });
  await client.next(({ request_id }) => request_id === "last");
  expect(client.received).toHaveLength(seen + 1);
});

test("a server that stops tells the verdict to everybody before it closes the connections", async () => {
  const own = new FakePool(1);
  const stopping = await startApp({ MAX_CONNECTIONS_PER_ADDRESS: "0" }, { pool: own });
  own.page.hold = new Promise(() => undefined);
  const { stepIds } = await stopping.createCase([HELD]);
  const watchers = await Promise.all(Array.from({ length: 150 }, () => TestClient.connect(stopping.address)));
  const [starter] = watchers;
  starter?.send({ type: "execute_step", step_id: stepIds[0] });
  const started = await starter?.next("progress");
  await Promise.all(
    watchers.slice(1).map(async (watcher) => {
      watcher.send({ type: "subscribe", run_id: started?.["run_id"] });
      await watcher.next("progress");
    }),
  );
  await stopping.close();
  for (const watcher of watchers) {
    expect(await watcher.untilClosed()).toMatchObject({ code: 1001 });
    expect(watcher.received.find(({ type }) => type === "execution_complete")).toMatchObject({
      status: "error",
      error_message: "Server stopping",
    });
  }
});

test("a client that loses its connection at any moment and resumes has every event exactly once", async ({
  testApp,
  holdRun,
  storedEvents,
  clients,
}) => {
  /** Watches a run over one connection after the other, each lost after so many events. */
  async function watch(runId: string, losses: number[]): Promise<Message[]> {
    const events: Message[] = [];
    for (const loss of [...losses, Infinity]) {
      const client = await TestClient.connect(testApp.address);
      client.send({ type: "subscribe", run_id: runId, after_seq: events.length });
      const isOver = await client
        .next(
          () => eventsOf(client).length >= loss || client.received.at(-1)?.type === "subscription_complete",
        )
        .then(({ type }) => type === "subscription_complete");
      client.close();
      events.push(...eventsOf(client));
      if (isOver) break;
    }
    return events;
  }

  const losses = fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 130 }),
      fc.array(losses, { minLength: 1, maxLength: 4 }),
      async (lines, watchers) => {
        const { runId, goOn } = await holdRun([...HELD, ...chatter(lines)]);
        const watching = watchers.map((each) => watch(runId, each));
        goOn();
        const seen = await Promise.all(watching);
        const stored = await storedEvents(runId);
        for (const events of seen) expect(withoutImages(events)).toEqual(stored);
        clients.close();
      },
    ),
    { numRuns: 15 },
  );
});
