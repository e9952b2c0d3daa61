import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DiskWatch } from "../../../src/disk/disk-watch.js";
import { isDiskFull } from "../../../src/disk/full.js";
import { withRelief } from "../../../src/db/full-disk.js";
import { silentLog } from "../../support/silent-log.js";

const MB = 1_000_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp({ minFree = 200, free = { database: 1_000, artifacts: 1_000 } } = {}) {
  const free_ = new Map(Object.entries(free));
  const reserve = {
    isThere: false,
    make: async () => void (reserve.isThere = true),
    release: async () => {
      const wasThere = reserve.isThere;
      reserve.isThere = false;
      return wasThere;
    },
  };
  const ended: string[] = [];
  const watch = new DiskWatch({
    places: ["database", "artifacts"].map((name) => ({ name: `the ${name}`, folder: name })),
    minFreeBytes: minFree * MB,
    reserve,
    freeBytes: async (folder) => (free_.get(folder) ?? 0) * MB,
    log: silentLog,
  });
  watch.onShortage = ({ message }) => ended.push(message);
  const next = async (database: number) => {
    free_.set("database", database);
    await vi.advanceTimersByTimeAsync(1_000);
  };
  return { watch, reserve, ended, next };
}

test("takes runs while there is enough space in every place, and says where there is not", async () => {
  const { watch } = setUp();
  await watch.requireSpace();
  const { watch: low } = setUp({ free: { database: 1_000, artifacts: 199 } });
  await expect(low.requireSpace()).rejects.toMatchObject({
    code: "disk_full",
    message: expect.stringContaining("199 MB are free for the artifacts, and 200 MB have to be") as string,
  });
  await setUp({ minFree: 0, free: { database: 0, artifacts: 0 } }).watch.requireSpace();
});

test("takes no runs while nobody can tell how much is free", async () => {
  const watch = new DiskWatch({
    places: [{ name: "the artifacts", folder: "/gone" }],
    minFreeBytes: 0,
    reserve: { isThere: true, make: async () => undefined, release: async () => false },
    freeBytes: () => Promise.reject(new Error("ENOENT: no such file or directory")),
    log: silentLog,
  });
  await expect(watch.requireSpace()).rejects.toMatchObject({
    code: "disk_full",
    message: "Nobody can tell how much is free for the artifacts: ENOENT: no such file or directory",
  });
});

test("ends runs under way only when a quarter of what should be free is left", async () => {
  const { watch, ended, next } = setUp();
  watch.start();
  await next(60);
  expect(ended).toEqual([]);
  await next(49);
  expect(ended).toEqual([expect.stringContaining("49 MB are free for the database")]);
  await watch.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("keeps a reserve while there is space for it, and gives it back when a write has failed", async () => {
  const { watch, reserve, ended, next } = setUp();
  watch.start();
  await next(1_000);
  expect(reserve.isThere).toBe(true);
  expect(await watch.relieve()).toBe(true);
  expect(await watch.relieve()).toBe(false);
  expect(ended).toEqual(["The server's disk is full.", "The server's disk is full."]);

  await next(205);
  expect(reserve.isThere).toBe(false);
  await next(1_000);
  expect(reserve.isThere).toBe(true);
  await watch.stop();
  expect(reserve.isThere).toBe(false);
});

test("takes no runs after a full disk before there is space, also where none is asked for", async () => {
  const { watch, next } = setUp({ minFree: 0 });
  watch.start();
  await next(3);
  await watch.relieve();
  await expect(watch.requireSpace()).rejects.toMatchObject({
    code: "disk_full",
    message: expect.stringContaining("16 MB have to be (after it was full)") as string,
  });
  await next(17);
  await watch.requireSpace();
  await watch.stop();
});

describe("a store", () => {
  const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });

  /** A store that fails so often with an error, and what asks it. */
  function failing(times: number, error: Error, relieves: boolean) {
    let failures = times;
    class Store {
      #name = "saved";
      async save(what: string): Promise<string> {
        if (failures-- > 0) throw error;
        return `${what} ${this.#name}`;
      }
    }
    return withRelief(new Store(), { relieve: async () => relieves });
  }

  test("that meets a full disk tries once more when something could be freed", async () => {
    expect(await failing(1, full, true).save("verdict")).toBe("verdict saved");
  });

  test.each([
    ["nothing could be freed", failing(1, full, false)],
    ["it is full again at once", failing(2, full, true)],
  ])("fails as it did where %s", async (_why, store) => {
    await expect(store.save("verdict")).rejects.toBe(full);
  });

  test("leaves any other error alone", async () => {
    const error = new Error("locked");
    await expect(failing(1, error, true).save("verdict")).rejects.toBe(error);
  });
});

test("a full disk is known by what the system, SQLite and Prisma say, also as a cause", () => {
  expect(isDiskFull(Object.assign(new Error("write"), { code: "ENOSPC" }))).toBe(true);
  expect(isDiskFull(new Error("Invalid `createMany`: database or disk is full"))).toBe(true);
  expect(isDiskFull(new Error("failed", { cause: new Error("SQLITE_FULL: …") }))).toBe(true);
  expect(isDiskFull(new Error("database is locked"))).toBe(false);
  expect(isDiskFull("ENOSPC")).toBe(false);
});
