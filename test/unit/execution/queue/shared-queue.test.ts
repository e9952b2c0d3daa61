import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JobStore, NewRun, RunJob, TakenBrowsers, TakenRun } from "../../../../src/execution/ports.js";
import { SharedQueue, type SharedQueueOptions } from "../../../../src/execution/queue/shared-queue.js";
import type { Places } from "../../../../src/execution/queue/queue.js";
import { InProcessWakes } from "../../../../src/wakes/in-process.js";
import { silentLog } from "../../../support/silent-log.js";

/** The line of all servers, in the order in which runs come. */
class Line {
  readonly waiting: { run: NewRun; job: RunJob; owner: string }[] = [];
  /** Awaited before a run is taken. */
  beforeTake: () => Promise<void> = () => Promise.resolve();

  of(owner: string): JobStore & { forgotten: string[] } {
    const forgotten: string[] = [];
    return {
      forgotten,
      createRun: async (run, job) => {
        if (this.waiting.length >= job.mostWaiting + job.places) return "full";
        this.waiting.push({ run, job, owner });
        return "queued";
      },
      take: async (now, { onlyOwn, browsers }) => {
        await this.beforeTake();
        const index = this.waiting.findIndex(({ run, job, owner: of }) => {
          const isAmong = (list: TakenBrowsers["free"] = []) =>
            list.some((asked) => asked?.browser === (run.browser ?? undefined));
          const isLate = now.getTime() - run.createdAt.getTime() >= (browsers?.laterMs ?? 0);
          const mayBeTaken = isAmong(browsers?.free) || (isAmong(browsers?.later) && isLate);
          if (browsers !== undefined && !mayBeTaken) return false;
          return job.isOwn ? of === owner : !onlyOwn;
        });
        const [taken] = index < 0 ? [] : this.waiting.splice(index, 1);
        return taken && { run: taken.run, content: taken.job.content, lastSeq: 0 };
      },
      listBrowsers: async () =>
        [...new Set(this.waiting.map(({ run }) => run.browser ?? undefined))].map(
          (browser) => browser && { browser },
        ),
      remove: async (runId) => {
        const index = this.waiting.findIndex(({ run }) => run.id === runId);
        if (index >= 0) this.waiting.splice(index, 1);
        return index >= 0;
      },
      putFirst: async (runId) => {
        const index = this.waiting.findIndex(({ run }) => run.id === runId);
        this.waiting.unshift(...this.waiting.splice(index, 1));
      },
      listWaiting: async () =>
        this.waiting.map(({ run }) => {
          const { id: runId, principal, createdAt: queuedAt } = run;
          return { runId, principal: principal ?? "", queuedAt, mayStart: true };
        }),
      forget: (runId) => forgotten.push(runId),
    };
  }
}

type ServerLimits = Partial<Pick<SharedQueueOptions, "concurrency" | "capacity" | "pauseHoldMs" | "places">>;

/** A server with its part of the queue, and the runs that have started there and not ended. */
class Server {
  readonly jobs: ReturnType<Line["of"]>;
  readonly queue: SharedQueue;
  readonly started: string[] = [];
  readonly moved: string[] = [];
  readonly positions: string[] = [];
  readonly adopted: string[] = [];
  readonly #ends = new Map<string, () => void>();

  constructor(name: string, line: Line, { concurrency = 1, capacity = 100, ...limits }: ServerLimits = {}) {
    this.jobs = line.of(name);
    this.queue = new SharedQueue({
      jobs: this.jobs,
      wakes,
      log: silentLog,
      concurrency,
      capacity,
      ...limits,
    });
    this.queue.open((taken) => {
      this.adopted.push(taken.run.id);
      this.add(taken);
    });
  }

  async request(
    id: string,
    { onlyHere, ...asked }: { onlyHere?: string; principal?: string; browser?: "firefox" } = {},
  ) {
    const run = { id, principal: "", kind: "case", createdAt: new Date(), ...asked } as NewRun;
    await this.queue.create(run, { content: {}, onlyHere, priority: 5 });
    return this.add({ run });
  }

  add({ run: { id, principal, browser } }: Pick<TakenRun, "run">) {
    const start = () => {
      this.started.push(id);
      return new Promise<void>((resolve) => this.#ends.set(id, resolve));
    };
    return this.queue.add(start, {
      runId: id,
      principal: principal ?? "",
      browser: browser ? { browser } : undefined,
      onMoved: () => this.moved.push(id),
      onPosition: (position) => this.positions.push(`${id} ${position}`),
      onGiveUp: () => this.end(id),
    });
  }

  end(id: string): void {
    this.#ends.get(id)?.();
  }
}

let line: Line;
let wakes: InProcessWakes;
let servers: Server[];

beforeEach(() => {
  line = new Line();
  wakes = new InProcessWakes();
  servers = [];
});
afterEach(() => {
  for (const { queue } of servers) queue.stop();
});

function server(name: string, options = {}): Server {
  const made = new Server(name, line, options);
  servers.push(made);
  return made;
}

async function turns(count = 20): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise(setImmediate);
}

describe("a run that waits", () => {
  test("starts where it came to, if there is room, and is told its position otherwise", async () => {
    const one = server("one");
    for (const id of ["a", "b", "c"]) await one.request(id);
    await expect.poll(() => one.positions).toEqual(["b 1", "c 2"]);
    expect(one.started).toEqual(["a"]);
    one.end("a");
    await turns();
    expect(one.started).toEqual(["a", "b"]);
    expect(one.adopted).toEqual([]);
  });

  test("is taken by a server that has room, and the one that it came to lets it go", async () => {
    const [taker, other] = [server("taker", { concurrency: 0 }), server("other", { concurrency: 2 })];
    await taker.request("a");
    await turns();
    expect(other.adopted).toEqual(["a"]);
    expect(other.started).toEqual(["a"]);
    expect(taker.moved).toEqual(["a"]);
    expect(taker.jobs.forgotten).toEqual(["a"]);
    expect(taker.queue.isWaiting("a")).toBe(false);
  });

  test("is not taken by another where it cannot be carried out there", async () => {
    const taker = server("taker");
    await taker.request("a");
    await turns();
    const other = server("other");
    await taker.request("b", { onlyHere: "'variables'" });
    await turns();
    expect(other.started).toEqual([]);
    taker.end("a");
    await turns();
    expect(taker.started).toEqual(["a", "b"]);
  });

  test("and can be carried out nowhere is refused", async () => {
    const taker = server("taker", { concurrency: 0 });
    await expect(taker.request("a", { onlyHere: "'variables'" })).rejects.toMatchObject({
      code: "invalid_message",
      message: expect.stringContaining("ROLE=all"),
    });
  });

  test("is refused when too many wait", async () => {
    const taker = server("taker", { concurrency: 0, capacity: 1 });
    await taker.request("a");
    await expect(taker.request("b")).rejects.toMatchObject({ code: "queue_full" });
  });

  test("starts once where it is taken before it is added", async () => {
    const one = server("one");
    const run = { id: "a", principal: "", kind: "case", createdAt: new Date() } as NewRun;
    await one.queue.create(run, { content: {}, onlyHere: undefined, priority: 5 });
    one.queue.look();
    await turns();
    expect(one.started).toEqual([]);
    one.add({ run });
    await turns();
    expect(one.started).toEqual(["a"]);
    expect(one.adopted).toEqual([]);
  });
});

describe("a run that is taken out of the line", () => {
  test("does not start, and is not taken for one that has moved", async () => {
    const taker = server("taker", { concurrency: 0 });
    const job = await taker.request("a");
    const removing = job.remove();
    taker.queue.look();
    expect(await removing).toBe(true);
    await turns();
    expect(taker.moved).toEqual([]);
    server("other");
    await turns();
    expect(servers.flatMap(({ started }) => started)).toEqual([]);
  });

  test("too late is another server's", async () => {
    const taker = server("taker", { concurrency: 0 });
    const job = await taker.request("a");
    await line.of("other").take(new Date(), { onlyOwn: false });
    expect(await job.remove()).toBe(false);
    await turns();
    expect(taker.moved).toEqual(["a"]);
  });
});

describe("a server that is drained", () => {
  test("leaves to others what waits, and takes nothing but what only it can carry out", async () => {
    const one = server("one");
    await one.request("a");
    await one.request("b");
    await one.request("own", { onlyHere: "'variables'" });
    await turns();
    one.queue.drain();
    expect(one.moved).toEqual(["b"]);
    one.end("a");
    await turns();
    expect(one.started).toEqual(["a", "own"]);
    const other = server("other");
    await turns();
    expect(other.started).toEqual(["b"]);
  });
});

test("a paused run gives its place up to another principal's of another server", async () => {
  const one = server("one", { pauseHoldMs: 20 });
  const taker = server("taker", { concurrency: 0 });
  const job = await one.request("a", { principal: "ada" });
  await turns();
  job.pause();
  await taker.request("b", { principal: "bob" });
  await expect.poll(() => one.started).toEqual(["a", "b"]);
});

describe("servers with the browsers of a Grid each", () => {
  /** Places for any browser, or for each kind of them. */
  const placesOf = (room: number | Record<"default" | "firefox", number>): Places => {
    const roomFor: Places["roomFor"] = (asked) =>
      typeof room === "number" ? room : room[asked?.browser === "firefox" ? "firefox" : "default"];
    return { roomFor, placesFor: (asked) => Math.max(1, roomFor(asked)), ahead: () => 0 };
  };

  test("leave a run to one whose Grid has room, also where it came to another", async () => {
    const full = server("full", { concurrency: 9, places: placesOf(0) });
    await full.request("a");
    await turns();
    expect(full.started).toEqual([]);

    const free = server("free", { concurrency: 9, places: placesOf(1) });
    await turns();
    expect(free.started).toEqual(["a"]);
    expect(full.moved).toEqual(["a"]);
  });

  test("have one run wait in the line of a Grid without room, once no other has taken it for a second", async () => {
    const full = server("full", { concurrency: 9, places: placesOf(0) });
    await full.request("a");
    await full.request("b");
    await expect.poll(() => full.started).toEqual(["a"]);
    await turns();
    expect(full.started).toEqual(["a"]);
  });

  test("take what asks for a browser that is free before what came earlier for one that is not", async () => {
    const one = server("one", { concurrency: 9, places: placesOf({ default: 1, firefox: 1 }) });
    await one.request("a");
    await turns();
    await one.request("b");
    await one.request("c", { browser: "firefox" });
    await turns();
    expect(one.started).toEqual(["a", "c"]);
    one.end("a");
    await turns();
    expect(one.started).toEqual(["a", "c", "b"]);
  });

  test("look again when their Grid has places", async () => {
    let room = 0;
    const places: Places = { roomFor: () => room, placesFor: () => room, ahead: () => 0 };
    const one = server("one", { concurrency: 9, places });
    await one.request("a");
    await turns();
    expect(one.started).toEqual([]);
    room = 1;
    one.queue.look();
    await turns();
    expect(one.started).toEqual(["a"]);
  });
});
