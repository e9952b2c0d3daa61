import { describe, expect, test } from "vitest";
import { Feed } from "../../../src/execution/feed.js";
import type { FeedEvent, FeedWatcher } from "../../../src/execution/ports.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { InProcessWakes } from "../../../src/wakes/in-process.js";
import { eventsOf } from "../../../src/wakes/ports.js";

/** A run of another server, of which there is only what is stored. */
class RemoteRun {
  readonly stored: RunEvent[] = [];
  readonly wakes = new InProcessWakes();
  readonly pictures: string[] = [];
  reads = 0;
  isOver = false;
  failure: Error | undefined;
  readonly feed = new Feed({
    reader: {
      findRun: async () => ({ kind: "step", finishedAt: this.isOver ? new Date() : null }),
      findEvents: async (_runId, { afterSeq, limit }) => {
        this.reads++;
        if (this.failure) throw this.failure;
        return this.stored.filter(({ seq }) => seq > afterSeq).slice(0, limit);
      },
    },
    wakes: this.wakes,
    readPicture: async (url) => {
      this.pictures.push(url);
      return Buffer.from("picture");
    },
  });

  store(type: "execution_started" | "screenshot" | "execution_complete"): void {
    const seq = this.stored.length + 1;
    const stamp = { run_id: "r", seq, ts: new Date().toISOString(), step_id: 1 };
    const more = { screenshot: { step: 1, image: "", url: `/api/artifacts/${seq}` } };
    this.stored.push({ type, ...stamp, ...(type === "screenshot" && more.screenshot) } as RunEvent);
    this.isOver ||= type === "execution_complete";
    this.wakes.wake(eventsOf("r"));
  }
}

class Watcher implements FeedWatcher {
  readonly afterSeq = 0;
  readonly seen: number[] = [];
  readonly events: Record<string, unknown>[] = [];
  readonly wantsPictures: boolean;
  readonly #stop = new AbortController();
  readonly signal = this.#stop.signal;

  constructor({ wantsPictures = false } = {}) {
    this.wantsPictures = wantsPictures;
  }

  onEvents(events: readonly FeedEvent[]): void {
    for (const event of events) {
      this.seen.push(event.seq);
      this.events.push(JSON.parse(Buffer.from(event.json(this.wantsPictures)).toString()));
    }
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  stop(): void {
    this.#stop.abort();
  }
}

async function turns(count = 20): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise(setImmediate);
}

describe("a run of another server", () => {
  test("is handed over as it is stored, read once for all who watch it", async () => {
    const run = new RemoteRun();
    run.store("execution_started");
    const watchers = [new Watcher(), new Watcher(), new Watcher()];
    const ends = watchers.map((watcher) => run.feed.watch("r", watcher));
    await turns();
    const before = run.reads;
    run.store("execution_started");
    await turns();
    expect(run.reads - before).toBe(1);
    expect(watchers.map(({ seen }) => seen)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    run.store("execution_complete");
    expect(await Promise.all(ends)).toEqual(["over", "over", "over"]);
    expect(run.feed.isLive("r")).toBe(false);
  });

  test("has its pictures for those who look at them, and they are read for nobody else", async () => {
    const run = new RemoteRun();
    const blind = new Watcher();
    void run.feed.watch("r", blind);
    await turns();
    run.store("screenshot");
    await turns();
    expect(run.pictures).toEqual([]);
    const watcher = new Watcher({ wantsPictures: true });
    void run.feed.watch("r", watcher);
    await turns();
    run.store("screenshot");
    await turns();
    expect(run.pictures).toEqual(["/api/artifacts/2"]);
    expect(watcher.events.at(-1)).toMatchObject({ image: Buffer.from("picture").toString("base64") });
    expect(blind.events.at(-1)).toMatchObject({ image: "", url: "/api/artifacts/2" });
    run.feed.stop();
  });

  test("is not read any more once nobody watches it", async () => {
    const run = new RemoteRun();
    const watcher = new Watcher();
    const end = run.feed.watch("r", watcher);
    await turns();
    expect(run.feed.isLive("r")).toBe(true);
    watcher.stop();
    expect(await end).toBe("stopped");
    await turns();
    expect(run.feed.isLive("r")).toBe(false);
    const before = run.reads;
    run.store("execution_started");
    await turns();
    expect(run.reads).toBe(before);
  });

  test("gives those who watch it the database's error", async () => {
    const run = new RemoteRun();
    const end = run.feed.watch("r", new Watcher());
    await turns();
    run.failure = new Error("the database is gone");
    run.wakes.wake(eventsOf("r"));
    await expect(end).rejects.toThrow("the database is gone");
  });

  test("is over without an event that says so, as when its step was deleted", async () => {
    const run = new RemoteRun();
    run.store("execution_started");
    const end = run.feed.watch("r", new Watcher());
    await turns();
    run.isOver = true;
    run.wakes.wake(eventsOf("r"));
    expect(await end).toBe("over");
  });

  test("goes on for those who watch it when the server itself takes it over", async () => {
    const run = new RemoteRun();
    run.store("execution_started");
    const watcher = new Watcher();
    const end = run.feed.watch("r", watcher);
    await turns();
    run.store("execution_started");
    const live = run.feed.open({ id: "r", kind: "step", lastSeq: 2 });
    run.store("execution_complete");
    const last = run.stored.at(-1);
    if (last) live.publish(last);
    expect(await end).toBe("over");
    expect(watcher.seen).toEqual([1, 2, 3]);
  });
});

test("the end of the server ends the watching", async () => {
  const run = new RemoteRun();
  const end = run.feed.watch("r", new Watcher());
  await turns();
  run.feed.stop();
  expect(await end).toBe("stopped");
});
