import { once } from "node:events";
import WebSocket from "ws";
import { median, percentile } from "../statistics.js";
import type { CrowdAnswer, CrowdRequest, Deliveries } from "./crowd.js";

/** Connections that are opened at the same time. */
const OPENED_AT_ONCE = 50;
/** The parts of a message that are looked at: its type is its first field, and its time stamp one of the last. */
const HEAD_BYTES = 64;
const TAIL_BYTES = 220;

/** One client, which does no more than it must: its own work counts as time of the delivery. */
class Watcher {
  readonly socket: WebSocket;
  isReading = true;
  /** The type that is waited for, and whom to tell. */
  #awaited: { type: string; come: () => void } | undefined;

  constructor(address: string) {
    this.socket = new WebSocket(`ws://${address}/ws/execute-step`);
    this.socket.on("message", (data: Buffer) => {
      const receivedAt = now();
      const type = /^\{"type":"(\w+)"/.exec(data.toString("latin1", 0, HEAD_BYTES))?.[1];
      const stamp = /"ts":"([^"]+)"/.exec(data.subarray(-TAIL_BYTES).toString("latin1"))?.[1];
      if (stamp !== undefined) delays.push(receivedAt - timeOf(stamp));
      if (type !== this.#awaited?.type) return;
      this.#awaited?.come();
      this.#awaited = undefined;
    });
  }

  /** Resolves when a message of the type comes; those that have come do not count. */
  next(type: string): Promise<void> {
    return new Promise((come) => {
      this.#awaited = { type, come };
    });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}

const watchers: Watcher[] = [];
let delays: number[] = [];
let over: Promise<unknown> = Promise.resolve();

/** By the clock of the event's time stamp, but finer. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

let lastStamp = { text: "", time: 0 };

/** A thousand watchers get the same event one after the other. */
function timeOf(text: string): number {
  if (lastStamp.text !== text) lastStamp = { text, time: Date.parse(text) };
  return lastStamp.time;
}

async function answer(request: CrowdRequest): Promise<Deliveries | null> {
  switch (request.ask) {
    case "connect":
      await connect(request);
      return null;
    case "watch":
      await watch(request.runId);
      return null;
    case "stall":
      for (const watcher of reading().slice(0, request.count)) {
        watcher.isReading = false;
        watcher.socket.pause();
      }
      return null;
    case "deliveries":
      await over;
      return {
        count: delays.length,
        p50: median(delays),
        p99: percentile(delays, 0.99),
        longest: percentile(delays, 1),
      };
  }
}

const reading = () => watchers.filter(({ isReading }) => isReading);

async function connect({
  address,
  count,
  screenshots,
}: Extract<CrowdRequest, { ask: "connect" }>): Promise<void> {
  for (let opened = 0; opened < count; opened += OPENED_AT_ONCE) {
    const size = Math.min(OPENED_AT_ONCE, count - opened);
    const group = Array.from({ length: size }, () => new Watcher(address));
    await Promise.all(
      group.map(async (watcher) => {
        await once(watcher.socket, "open");
        const welcome = watcher.next("welcome");
        watcher.send({ type: "hello", protocol: 1, screenshots });
        await welcome;
      }),
    );
    watchers.push(...group);
  }
}

/** The run is held: its last event so far is `paused`. */
async function watch(runId: string): Promise<void> {
  const held = reading().map((watcher) => watcher.next("paused"));
  for (const watcher of watchers) watcher.send({ type: "subscribe", run_id: runId });
  await Promise.all(held);
  delays = [];
  over = Promise.all(reading().map((watcher) => watcher.next("subscription_complete")));
}

process.on("message", (request: CrowdRequest) => {
  answer(request).then(
    (done) => process.send?.({ done } satisfies CrowdAnswer),
    (error: unknown) => process.send?.({ failed: String(error) } satisfies CrowdAnswer),
  );
});
process.once("disconnect", () => process.exit());
process.send?.({ done: null } satisfies CrowdAnswer);
