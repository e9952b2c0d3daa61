import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Feed, type EventReader } from "../../../src/execution/feed.js";
import type { LiveRun } from "../../../src/execution/live-run.js";
import type { FeedEvent, FeedWatcher } from "../../../src/execution/ports.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { InProcessWakes } from "../../../src/wakes/in-process.js";
import { eventsOf } from "../../../src/wakes/ports.js";

const stamp = (seq: number) => ({ run_id: "r", seq, ts: new Date(seq).toISOString() });

function eventOf(seq: number, last: number): RunEvent {
  if (seq < last) return { type: "execution_started", step_id: 1, ...stamp(seq) };
  return {
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
    ...stamp(seq),
  };
}

/** A run whose events are stored, then published, as the event log does it. */
class Run implements EventReader {
  readonly stored: RunEvent[] = [];
  readonly wakes = new InProcessWakes();
  readonly feed = new Feed({ reader: this, wakes: this.wakes });
  readonly live: LiveRun;
  /** Awaited by every read, before what is stored is looked at. */
  beforeRead: () => Promise<void> = () => Promise.resolve();
  readonly #last: number;

  constructor(last: number) {
    this.#last = last;
    this.live = this.feed.open({ id: "r", kind: "step" });
  }

  store(): RunEvent {
    const event = eventOf(this.stored.length + 1, this.#last);
    this.stored.push(event);
    this.wakes.wake(eventsOf("r"));
    return event;
  }

  append(count = 1, picture?: Uint8Array): void {
    for (let index = 0; index < count; index++) this.live.publish(this.store(), picture);
  }

  async findRun() {
    await this.beforeRead();
    return { kind: "step" as const, finishedAt: this.stored.length >= this.#last ? new Date() : null };
  }

  async findEvents(_runId: string, { afterSeq, limit }: { afterSeq: number; limit: number }) {
    await this.beforeRead();
    return this.stored.filter(({ seq }) => seq > afterSeq).slice(0, limit);
  }
}

class Watcher implements FeedWatcher {
  readonly afterSeq: number;
  readonly seen: number[] = [];
  readonly texts: string[] = [];
  readonly buffers: Uint8Array[] = [];
  readonly #stop = new AbortController();
  onEach: (seq: number) => void = () => undefined;

  constructor(afterSeq = 0) {
    this.afterSeq = afterSeq;
  }

  get signal() {
    return this.#stop.signal;
  }

  onEvents(events: readonly FeedEvent[]): void {
    for (const event of events) {
      if (this.signal.aborted) return;
      this.seen.push(event.seq);
      this.buffers.push(event.json(true));
      this.texts.push(Buffer.from(event.json(true)).toString());
      this.onEach(event.seq);
    }
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  stop(): void {
    this.#stop.abort();
  }
}

const range = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

describe("watching a run", () => {
  test("from the start", async () => {
    const run = new Run(5);
    const watcher = new Watcher();
    const end = run.feed.watch("r", watcher);
    run.append(5);
    expect(await end).toBe("over");
    expect(watcher.seen).toEqual([1, 2, 3, 4, 5]);
    expect(watcher.texts.map((text) => JSON.parse(text) as RunEvent)).toEqual(run.stored);
  });

  test("later, after events that only the store remembers", async () => {
    const run = new Run(700);
    run.append(600);
    await new Promise(setImmediate);
    const watcher = new Watcher(10);
    const end = run.feed.watch("r", watcher);
    await new Promise(setImmediate);
    run.append(100);
    expect(await end).toBe("over");
    expect(watcher.seen).toEqual(range(11, 700));
  });

  test("that is over", async () => {
    const run = new Run(250);
    run.append(250);
    await run.feed.settled();
    expect(run.feed.isLive("r")).toBe(false);
    const watcher = new Watcher();
    expect(await run.feed.watch("r", watcher)).toBe("over");
    expect(watcher.seen).toEqual(range(1, 250));
  });

  test("that is not live here, such as one that is being ended after a restart", async () => {
    const run = new Run(3);
    run.append(2);
    run.live.close("broken");
    const watcher = new Watcher();
    const end = run.feed.watch("r", watcher);
    await new Promise(setImmediate);
    expect(watcher.seen).toEqual([1, 2]);
    run.store();
    expect(await end).toBe("over");
    expect(watcher.seen).toEqual([1, 2, 3]);
  });

  test("that breaks", async () => {
    const run = new Run(3);
    const watcher = new Watcher();
    const end = run.feed.watch("r", watcher);
    run.append(1);
    run.live.close("broken");
    expect(await end).toBe("broken");
    expect(watcher.seen).toEqual([1]);
  });

  test("until the watcher has enough", async () => {
    const run = new Run(5);
    const watcher = new Watcher();
    watcher.onEach = (seq) => {
      if (seq === 2) watcher.stop();
    };
    const end = run.feed.watch("r", watcher);
    run.append(5);
    expect(await end).toBe("stopped");
    expect(watcher.seen).toEqual([1, 2]);
  });
});

describe("many watchers", () => {
  test("all get the same bytes, made once, and one that throws takes nothing from the others", async () => {
    const run = new Run(3);
    const broken = new Watcher();
    broken.onEach = () => {
      throw new Error("broken watcher");
    };
    const watchers = Array.from({ length: 200 }, () => new Watcher());
    const failure = run.feed.watch("r", broken);
    const ends = watchers.map((watcher) => run.feed.watch("r", watcher));
    run.append(3);
    await expect(failure).rejects.toThrow("broken watcher");
    await Promise.all(ends);
    for (const watcher of watchers) {
      expect(watcher.seen).toEqual([1, 2, 3]);
      expect(watcher.buffers[0]).toBe(watchers[0]?.buffers[0]);
    }
  });

  test("a large audience gives the event loop its turns", async () => {
    const run = new Run(2);
    const watchers = Array.from({ length: 1_000 }, () => new Watcher());
    const ends = watchers.map((watcher) => run.feed.watch("r", watcher));
    run.append(1);
    await new Promise(setImmediate);
    const served = () => watchers.filter(({ seen }) => seen.length > 0).length;
    expect(served()).toBeGreaterThan(0);
    expect(served()).toBeLessThan(300);
    run.append(1);
    await Promise.all(ends);
    for (const { seen } of watchers) expect(seen).toEqual([1, 2]);
  });

  test("events that come soon after a round that took long go out together, a verdict at once", async () => {
    const run = new Run(4);
    const watcher = new Watcher();
    const batches: number[] = [];
    watcher.onEvents = (events) => {
      batches.push(events.length);
      const until = performance.now() + 30;
      while (performance.now() < until);
    };
    const end = run.feed.watch("r", watcher);
    run.append();
    await new Promise(setImmediate);
    run.append();
    await new Promise(setImmediate);
    run.append();
    await new Promise(setImmediate);
    expect(batches).toEqual([1]);
    await expect.poll(() => batches).toEqual([1, 2]);
    run.append();
    await new Promise(setImmediate);
    expect(batches).toEqual([1, 2, 1]);
    expect(await end).toBe("over");
  });
});

test("a picture goes to those who are there; who comes later gets its URL", async () => {
  const run = new Run(10);
  const there = new Watcher();
  void run.feed.watch("r", there);
  const event: RunEvent = { type: "screenshot", step_id: 1, step: 1, image: "", url: "/p", ...stamp(1) };
  run.stored.push(event);
  run.live.publish(event, Buffer.from("jpeg"));
  await new Promise(setImmediate);
  const late = new Watcher();
  void run.feed.watch("r", late);
  await new Promise(setImmediate);
  const imageOf = ({ texts }: Watcher) => (JSON.parse(texts[0] ?? "{}") as { image: string }).image;
  expect(imageOf(there)).toBe(Buffer.from("jpeg").toString("base64"));
  expect(imageOf(late)).toBe("");
});

test("whoever comes and goes at whatever moment misses nothing and gets nothing twice", async () => {
  const turn = (turns: number) => async () => {
    for (let index = 0; index < turns; index++) await Promise.resolve();
  };
  const scenario = fc.record({
    total: fc.integer({ min: 1, max: 600 }),
    /** Events that are published at a time, and the turns of the event loop before them. */
    batches: fc.array(fc.tuple(fc.integer({ min: 1, max: 150 }), fc.nat(3)), { minLength: 1, maxLength: 12 }),
    readTurns: fc.nat(20),
    /** When each watcher comes, from which event on, and after how many events it leaves and comes back. */
    watchers: fc.array(
      fc.record({ delay: fc.nat(10), from: fc.nat(300), leaves: fc.array(fc.integer({ min: 1, max: 200 })) }),
      { minLength: 1, maxLength: 5 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ total, batches, readTurns, watchers }) => {
      const run = new Run(total);
      run.beforeRead = turn(readTurns);
      const publish = async () => {
        for (let index = 0; run.stored.length < total; index++) {
          const [count, turns] = batches[index % batches.length] ?? [1, 0];
          run.append(Math.min(count, total - run.stored.length));
          for (let left = turns; left > 0; left--) await new Promise(setImmediate);
        }
      };
      const watch = async ({ delay, from, leaves }: (typeof watchers)[number]) => {
        for (let left = delay; left > 0; left--) await new Promise(setImmediate);
        const seen: number[] = [];
        for (const count of [...leaves, Infinity]) {
          const watcher = new Watcher(seen.at(-1) ?? from);
          watcher.onEach = () => {
            if (watcher.seen.length >= count) watcher.stop();
          };
          const end = await run.feed.watch("r", watcher);
          seen.push(...watcher.seen);
          if (end === "over") break;
        }
        expect(seen).toEqual(range(from + 1, total));
      };
      await Promise.all([publish(), ...watchers.map(watch)]);
    }),
    { numRuns: 200 },
  );
});
