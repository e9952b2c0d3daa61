import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MinuteCounts } from "../../../src/limits/minute-counts.js";
import type { SharedSums } from "../../../src/limits/ports.js";
import { keptLog } from "../../support/kept-log.js";
import { silentLog } from "../../support/silent-log.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const EXCHANGE_MS = 1_000;
const MINUTE_MS = 60_000;

/** The sums of a database, and what was added to them at each exchange. */
class Sums implements SharedSums {
  readonly exchanges: Record<string, number>[] = [];
  readonly #sums = new Map<string, { sum: number; endsAt: number }>();
  /** Set where the database cannot be reached. */
  fault: Error | undefined;

  add(counts: ReadonlyMap<string, number>, windowMs: number) {
    if (this.fault) return Promise.reject(this.fault);
    this.exchanges.push(Object.fromEntries(counts));
    const now = Date.now();
    const told = [...counts].map(([key, own]) => {
      const known = this.#sums.get(key);
      const entry = known && known.endsAt > now ? known : { sum: 0, endsAt: now + windowMs };
      entry.sum += own;
      this.#sums.set(key, entry);
      return [key, { sum: entry.sum, msLeft: entry.endsAt - now }] as const;
    });
    return Promise.resolve(new Map(told));
  }
}

function server(shared?: SharedSums, log = silentLog) {
  const counts = new MinuteCounts({ shared, log });
  return { counts, requests: counts.counter("requests") };
}

describe("the counts of one server", () => {
  test("are of each key and name, for a minute from its first time", () => {
    const { counts, requests } = server();
    expect(requests.count("ada")).toEqual({ before: 0, sum: 1, msLeft: MINUTE_MS });
    vi.advanceTimersByTime(20_000);
    expect(requests.count("ada")).toEqual({ before: 1, sum: 2, msLeft: 40_000 });
    expect(requests.count("ben").sum).toBe(1);
    expect(counts.counter("logins").count("ada").sum).toBe(1);
    vi.advanceTimersByTime(40_000);
    expect(requests.count("ada")).toEqual({ before: 0, sum: 1, msLeft: MINUTE_MS });
  });

  test("leave no timer behind", () => {
    server().requests.count("ada");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("forget the keys that came first when there are more than fit", () => {
    const { requests } = server();
    for (let key = 0; key <= 100_000; key++) requests.count(String(key));
    expect(requests.count("1").sum).toBe(2);
    expect(requests.count("0").sum).toBe(1);
  });
});

describe("the counts of several servers", () => {
  test("are added up a second later, to the end of the minute that began first", async () => {
    const sums = new Sums();
    const [one, other] = [server(sums), server(sums)];
    for (let count = 0; count < 3; count++) one.requests.count("ada");
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(other.requests.count("ada")).toEqual({ before: 0, sum: 1, msLeft: MINUTE_MS });
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);

    expect(other.requests.count("ada")).toEqual({ before: 1, sum: 5, msLeft: MINUTE_MS - 11_000 });
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    expect(one.requests.count("ada")).toMatchObject({ before: 3, sum: 4 });
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    expect(one.requests.count("ada")).toMatchObject({ before: 4, sum: 7 });
  });

  test("go in one exchange a second, and none when nothing is counted", async () => {
    const sums = new Sums();
    const { requests } = server(sums);
    for (const key of ["ada", "ada", "ben"]) requests.count(key);
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    requests.count("ada");
    await vi.advanceTimersByTimeAsync(MINUTE_MS / 2);
    expect(sums.exchanges).toEqual([{ "requests:ada": 2, "requests:ben": 1 }, { "requests:ada": 1 }]);
  });

  test("of many keys go in several exchanges", async () => {
    const sums = new Sums();
    const { requests } = server(sums);
    for (let key = 0; key < 700; key++) requests.count(String(key));
    await vi.advanceTimersByTimeAsync(2 * EXCHANGE_MS);
    expect(sums.exchanges.map((exchange) => Object.keys(exchange).length)).toEqual([500, 200]);
  });

  test("that come while an exchange is under way go with the next", async () => {
    const sums = new Sums();
    const answers: (() => void)[] = [];
    const slow: SharedSums = {
      add: async (counts, windowMs) => {
        await new Promise<void>((resolve) => answers.push(resolve));
        return await sums.add(counts, windowMs);
      },
    };
    const { requests } = server(slow);
    requests.count("ada");
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    expect(requests.count("ada").sum).toBe(2);
    answers[0]?.();
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    answers[1]?.();
    expect(requests.count("ada").sum).toBe(3);
    expect(sums.exchanges).toEqual([{ "requests:ada": 1 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(sums.exchanges).toEqual([{ "requests:ada": 1 }, { "requests:ada": 1 }]);
  });

  test("are the server's own while the database cannot be reached, which is told once, and are added up afterwards", async () => {
    const sums = new Sums();
    const kept = keptLog("warn");
    const [one, other] = [server(sums, kept.log), server(sums)];
    sums.fault = new Error("down");
    one.requests.count("ada");
    await vi.advanceTimersByTimeAsync(3 * EXCHANGE_MS);
    expect(one.requests.count("ada").sum).toBe(2);
    expect(kept.lines).toHaveLength(1);
    sums.fault = undefined;
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    other.requests.count("ada");
    await vi.advanceTimersByTimeAsync(EXCHANGE_MS);
    expect(other.requests.count("ada").sum).toBe(4);
  });

  test("go nowhere once the server stops, which waits for the last exchange", async () => {
    const sums = new Sums();
    const { counts, requests } = server(sums);
    requests.count("ada");
    await counts.close();
    requests.count("ada");
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(sums.exchanges).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
