import { beforeEach, describe, expect, test } from "vitest";
import { ConnectionManager } from "../../../src/connection/connection-manager.js";
import type { Connection } from "../../../src/connection/connection.js";
import type { RequestContext } from "../../../src/connection/router.js";
import { Feed } from "../../../src/execution/feed.js";
import type { LiveRun } from "../../../src/execution/live-run.js";
import { Subscriptions } from "../../../src/handlers/subscriptions.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { MockSocket } from "../../support/mock-socket.js";
import { silentLog } from "../../support/silent-log.js";
import { connectVisitor } from "../../support/visitors.js";

const LIMIT = 10_000;
const PICTURE = Buffer.alloc(3_000, 1);

let stored: RunEvent[];
/** Awaited when the store is asked for a run. */
let beforeFind: Promise<void>;
let feed: Feed;
let run: LiveRun;
let subscriptions: Subscriptions;
let manager: ConnectionManager;
/** Number of the last event that the run has handed over. */
let handedOver: number;
let onHandedOver: () => void;

beforeEach(() => {
  handedOver = 0;
  onHandedOver = () => undefined;
  stored = [];
  beforeFind = Promise.resolve();
  const reader = {
    findRun: async (id: string) => {
      await beforeFind;
      return id === "r" || id === "old" ? { kind: "step" as const, finishedAt: new Date() } : undefined;
    },
    findEvents: async (_id: string, { afterSeq }: { afterSeq: number }) =>
      stored.filter(({ seq }) => seq > afterSeq),
  };
  feed = new Feed({ reader });
  run = feed.open({ id: "r", kind: "step" });
  subscriptions = new Subscriptions({ feed, findRun: reader.findRun });
  manager = new ConnectionManager({ onFrame: () => undefined, log: silentLog, sendBufferBytes: LIMIT });
  void run.follow(0, {
    afterSeq: 0,
    signal: new AbortController().signal,
    ready: () => Promise.resolve(),
    onEvents: (events) => {
      handedOver = events.at(-1)?.seq ?? handedOver;
      onHandedOver();
    },
  });
});

class Client {
  readonly socket = new MockSocket();
  readonly connection: Connection = connectVisitor(manager, this.socket);

  context(requestId?: string): RequestContext {
    return {
      requestId,
      reply: (message) => this.connection.send(message),
      client: this.connection,
      isFirst: false,
      log: silentLog,
    };
  }

  async subscribe(runId = "r", afterSeq = 0, requestId?: string): Promise<void> {
    const message = { type: "subscribe", run_id: runId, after_seq: afterSeq } as const;
    await subscriptions.handlers.subscribe(message, this.context(requestId));
  }

  unsubscribe(runId = "r"): Promise<void> {
    return subscriptions.handlers.unsubscribe({ type: "unsubscribe", run_id: runId }, this.context());
  }

  seqs(): unknown[] {
    return this.socket.sent.filter(({ seq }) => seq !== undefined).map(({ seq }) => seq);
  }

  told(...types: string[]): Record<string, unknown>[] {
    return this.socket.sent.filter(({ type }) => types.includes(String(type)));
  }
}

/** Resolves when every follower has all events, also where the run rests after a round that took long. */
async function caughtUp(): Promise<void> {
  while (handedOver < stored.length) await new Promise<void>((resolve) => (onHandedOver = resolve));
  await new Promise(setImmediate);
}

const stamp = () => ({ run_id: "r", seq: stored.length + 1, ts: new Date(0).toISOString() });

function publish(event: RunEvent, picture?: Uint8Array): void {
  stored.push(event);
  run.publish(event, picture);
}

async function line(text = ""): Promise<void> {
  publish({ type: "log", step_id: 1, step: 1, level: "info", message: text, ...stamp() });
  await caughtUp();
}

async function picture(): Promise<void> {
  publish({ type: "screenshot", step_id: 1, step: 1, image: "", url: "/p", ...stamp() }, PICTURE);
  await caughtUp();
}

async function verdict(): Promise<void> {
  publish({
    type: "execution_complete",
    step_id: 1,
    status: "passed",
    message: "",
    execution_time_ms: 1,
    error_message: null,
    actual_result: null,
    artifacts: [],
    checks: 0,
    attempt: 1,
    flaky: false,
    ...stamp(),
  });
  await caughtUp();
}

describe("a client that does not read", () => {
  test("loses pictures above the low mark, and is told how many once it has caught up", async () => {
    const [slow, quick] = [new Client(), new Client()];
    await Promise.all([slow.subscribe(), quick.subscribe()]);
    slow.socket.stopReading();
    for (let index = 0; index < 4; index++) await picture();
    expect(slow.told("screenshots_dropped")).toEqual([]);
    slow.socket.read();
    await new Promise(setImmediate);
    expect(slow.told("screenshots_dropped")).toEqual([
      { type: "screenshots_dropped", run_id: "r", count: 3 },
    ]);
    await picture();
    const whole = ({ told }: { told: Record<string, unknown>[] }) => told.map(({ image }) => image !== "");
    expect(whole({ told: slow.told("screenshot") })).toEqual([true, false, false, false, true]);
    expect(whole({ told: quick.told("screenshot") })).toEqual([true, true, true, true, true]);
    expect(slow.seqs()).toEqual([1, 2, 3, 4, 5]);
    expect(quick.told("screenshots_dropped")).toEqual([]);
  });

  test("is told before the end of the run too", async () => {
    const slow = new Client();
    await slow.subscribe();
    slow.socket.stopReading();
    for (let index = 0; index < 3; index++) await picture();
    await verdict();
    expect(slow.socket.sent.slice(-2)).toEqual([
      { type: "screenshots_dropped", run_id: "r", count: 2 },
      { type: "subscription_complete", run_id: "r", last_seq: 4 },
    ]);
  });

  test("falls behind at the limit, and can go on from there", async () => {
    const [slow, quick] = [new Client(), new Client()];
    await Promise.all([slow.subscribe("r", 0, "s"), quick.subscribe()]);
    slow.socket.stopReading();
    for (let index = 0; index < 20; index++) await line("x".repeat(1_000));
    const [behind, ...more] = slow.told("behind");
    expect(more).toEqual([]);
    expect(behind).toEqual({ type: "behind", run_id: "r", last_seq: slow.seqs().length, request_id: "s" });
    expect(slow.seqs().length).toBeGreaterThan(5);
    expect(slow.seqs().length).toBeLessThan(10);
    expect(slow.socket.bufferedAmount).toBeLessThan(LIMIT + 1_000);
    expect(quick.seqs()).toHaveLength(20);

    slow.socket.read();
    await slow.subscribe("r", Number(behind?.["last_seq"]));
    await line();
    expect(slow.seqs()).toEqual(quick.seqs());
  });
});

test("whoever started a run watches it, and hears of no subscription", async () => {
  const starter = new Client();
  subscriptions.follow("r", starter.context("go"));
  await line();
  await verdict();
  expect(starter.socket.sent.map(({ type }) => type)).toEqual(["log", "execution_complete"]);
});

test("whoever watches a run that breaks is told", async () => {
  const [starter, watcher] = [new Client(), new Client()];
  subscriptions.follow("r", starter.context("go"));
  await watcher.subscribe();
  run.close("broken");
  await new Promise(setImmediate);
  expect(starter.told("execution_error")).toMatchObject([
    { code: "internal", run_id: "r", request_id: "go" },
  ]);
  expect(watcher.told("execution_error")).toMatchObject([{ code: "internal", run_id: "r" }]);
  expect(watcher.told("subscription_complete")).toEqual([]);
});

test("an unsubscribe that comes while the run is looked up ends the subscription", async () => {
  const client = new Client();
  let find: () => void = () => undefined;
  beforeFind = new Promise((resolve) => (find = resolve));
  const subscribing = client.subscribe("old");
  await client.unsubscribe("old");
  stored.push({ type: "execution_started", step_id: 1, ...stamp() });
  find();
  await subscribing;
  await new Promise(setImmediate);
  expect(client.socket.sent.map(({ type }) => type)).toEqual(["unsubscribed", "unsubscribed"]);
});

test("a client that has gone is not sent to, and others are", async () => {
  const [gone, there] = [new Client(), new Client()];
  await Promise.all([gone.subscribe(), there.subscribe()]);
  gone.socket.leave();
  await line();
  expect(gone.seqs()).toEqual([]);
  expect(there.seqs()).toEqual([1]);
});

test("one connection may watch only so many runs", async () => {
  const client = new Client();
  for (let index = 0; index < 200; index++) {
    feed.open({ id: `run-${index}`, kind: "step" });
    await client.subscribe(`run-${index}`);
  }
  await expect(client.subscribe("r")).rejects.toMatchObject({ code: "too_many_subscriptions" });
  await client.unsubscribe("run-0");
  await client.subscribe("r");
  expect(client.told("subscribed").at(-1)).toMatchObject({ run_id: "r" });
});
