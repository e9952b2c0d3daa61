import { describe, expect, test } from "vitest";
import { WriteGate } from "../../../src/db/sqlite/write-gate.js";
import { DatabaseUnavailableError } from "../../../src/protocol/errors.js";
import { silentLog } from "../../support/silent-log.js";

/** An error as Prisma's adapter makes it of SQLite's. */
function sqliteError(code: number): Error {
  return Object.assign(new Error("from SQLite"), { cause: { originalCode: String(code) } });
}

/** A gate to a database that another process holds, or whose disk fails, as a test says. */
function setUp() {
  const state = { isHeld: false, diskCode: undefined as number | undefined, written: 0 };
  const write = async (): Promise<number> => {
    if (state.isHeld) throw sqliteError(5);
    if (state.diskCode !== undefined) throw sqliteError(state.diskCode);
    return ++state.written;
  };
  const gate = new WriteGate({
    file: "/data/test.db",
    isFree: () => Promise.resolve(!state.isHeld),
    writeNothing: async () => {
      await write();
    },
    log: silentLog,
  });
  return { state, write, gate };
}

describe("a lock of another process", () => {
  test("is waited for, and every write is made once", async () => {
    const { state, write, gate } = setUp();
    state.isHeld = true;
    const writes = Promise.all([1, 2, 3].map(() => gate.pass(write)));
    await expect(gate.check()).rejects.toThrow(
      "Another process holds the write lock of the database /data/test.db",
    );

    state.isHeld = false;

    expect((await writes).sort()).toEqual([1, 2, 3]);
    await expect(gate.check()).resolves.toBeUndefined();
  });

  test("is waited for by a thousand writes; one more is refused at once", async () => {
    const { state, write, gate } = setUp();
    state.isHeld = true;
    const kept = Promise.all(Array.from({ length: 1_000 }, () => gate.pass(write)));
    // Each has met the lock by then.
    await new Promise(setImmediate);

    await expect(gate.pass(write)).rejects.toBeInstanceOf(DatabaseUnavailableError);

    state.isHeld = false;
    expect(await kept).toHaveLength(1_000);
  });

  test("is not waited for once the database cannot be used for another reason", async () => {
    const { state, write, gate } = setUp();
    state.isHeld = true;
    const kept = gate.pass(write);
    await new Promise(setImmediate);

    gate.close("The file is gone.");

    await expect(kept).rejects.toThrow("The file is gone.");
    expect(state.written).toBe(0);
  });
});

describe("a disk that fails", () => {
  test.each([
    [13, "the disk is full"],
    // SQLITE_IOERR_FSYNC: the details do not matter.
    [1034, "the disk does not read or write it"],
    [8, "it may not be written"],
  ])("%i is said at once, and until something is written: %s", async (code, reason) => {
    const { state, write, gate } = setUp();
    state.diskCode = code;

    await expect(gate.pass(write)).rejects.toThrow(reason);
    await expect(gate.check()).rejects.toThrow(reason);
    state.diskCode = undefined;
    await expect(gate.check()).resolves.toBeUndefined();
  });
});

test("a write that is at fault itself is refused as it is, and the database stays ready", async () => {
  const { gate } = setUp();
  const error = sqliteError(2067);

  await expect(gate.pass(() => Promise.reject(error))).rejects.toBe(error);
  await expect(gate.check()).resolves.toBeUndefined();
});
