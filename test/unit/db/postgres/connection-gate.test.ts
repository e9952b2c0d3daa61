import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionGate } from "../../../../src/db/postgres/connection-gate.js";
import { DatabaseUnavailableError } from "../../../../src/protocol/errors.js";
import { keptLog } from "../../../support/kept-log.js";

const REFUSED = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const BROKEN = new Error("Connection terminated unexpectedly");
const DEADLOCK = Object.assign(new Error("deadlock detected"), { code: "40P01" });
const UNIQUE = Object.assign(new Error("duplicate key"), { code: "23505" });

let isThere: boolean;
let gate: ConnectionGate;
let kept: ReturnType<typeof keptLog>;

beforeEach(() => {
  vi.useFakeTimers();
  isThere = true;
  kept = keptLog("info");
  const probe = () => (isThere ? Promise.resolve() : Promise.reject(REFUSED));
  gate = new ConnectionGate({ place: "postgresql://db:5432/stepwire", probe, log: kept.log });
});
afterEach(() => vi.useRealTimers());

/** A statement that fails with these errors, one after the other, and then succeeds. */
function failing(...errors: Error[]) {
  return vi.fn(() => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve("done") : Promise.reject(error);
  });
}

const WRITE = { mayRepeat: false };
const READ = { mayRepeat: true };

describe("a statement", () => {
  test("waits for a database that is not there, and is made when it is back", async () => {
    isThere = false;
    const passed = gate.pass(failing(REFUSED), WRITE);
    await vi.advanceTimersByTimeAsync(3_000);
    const later = gate.pass(failing(), WRITE);
    isThere = true;
    await vi.advanceTimersByTimeAsync(100);

    expect(await Promise.all([passed, later])).toEqual(["done", "done"]);
    expect(kept.lines.map(({ msg }) => msg)).toEqual([
      "the database cannot be used; what has to be saved waits",
      "the database can be used again",
    ]);
  });

  test("is refused with the reason and the time when it has waited for too long", async () => {
    isThere = false;
    const passed = gate.pass(failing(REFUSED), WRITE).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(15_000);

    expect(await passed).toBeInstanceOf(DatabaseUnavailableError);
    expect(await passed).toMatchObject({
      message: expect.stringMatching(
        /cannot be used: it cannot be reached \(ECONNREFUSED\), for 15 s by now/,
      ),
    });
  });

  test("that may have been carried out is not made again unless it only reads", async () => {
    await expect(gate.pass(failing(BROKEN), WRITE)).rejects.toThrow(
      /Whether the last change was saved is not known/,
    );
    expect(await gate.pass(failing(BROKEN), READ)).toBe("done");
  });

  test("that met a conflict is made again at once, three times at most", async () => {
    expect(await gate.pass(failing(DEADLOCK, DEADLOCK), WRITE)).toBe("done");
    await expect(gate.pass(failing(DEADLOCK, DEADLOCK, DEADLOCK, DEADLOCK), WRITE)).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
    expect(kept.lines).toEqual([]);
  });

  test("that is at fault itself is told so", async () => {
    const statement = failing(UNIQUE);
    await expect(gate.pass(statement, WRITE)).rejects.toBe(UNIQUE);
    expect(statement).toHaveBeenCalledTimes(1);
  });

  test("inside a transaction is lost with it", async () => {
    const statement = failing(REFUSED);
    await expect(gate.passInside(statement)).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(statement).toHaveBeenCalledTimes(1);
  });
});

test("no more than a thousand statements wait", async () => {
  isThere = false;
  const passed = Array.from({ length: 1_001 }, () =>
    gate.pass(failing(REFUSED), WRITE).then(
      () => "done",
      () => "refused",
    ),
  );
  await vi.advanceTimersByTimeAsync(200);
  isThere = true;
  await vi.advanceTimersByTimeAsync(200);

  const results = await Promise.all(passed);
  expect(results.filter((result) => result === "refused")).toHaveLength(1);
});

test("nothing waits for a server that stops", async () => {
  isThere = false;
  gate.close();
  await expect(gate.pass(failing(REFUSED), WRITE)).rejects.toBeInstanceOf(DatabaseUnavailableError);
});

test("a check tells the reason, and that the database is there again", async () => {
  isThere = false;
  await expect(gate.check()).rejects.toThrow(/cannot be used: it cannot be reached/);
  isThere = true;
  await expect(gate.check()).resolves.toBeUndefined();
});
