import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FailedLogins } from "../../../src/auth/failed-logins.js";
import { networkOf } from "../../../src/hosts/addresses.js";
import { MinuteCounts } from "../../../src/limits/minute-counts.js";
import type { SharedSums } from "../../../src/limits/ports.js";
import { silentLog } from "../../support/silent-log.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const HOME = "192.0.2.1";
let made = 0;

function failedLogins(perMinute: number | undefined, shared?: SharedSums): FailedLogins {
  const counts = new MinuteCounts({ shared, log: silentLog });
  return new FailedLogins(perMinute, (name) => counts.counter(name));
}

/** Counts a failure, with a token that nobody has shown before unless the test says which. */
function fail(failures: FailedLogins, address: string, bearer = `stw_${String(++made).padStart(8, "0")}`) {
  return failures.count({ address, bearer, session: undefined });
}

test("failures from one address are too many after the limit, until a minute is over", () => {
  const failures = failedLogins(2);
  for (let count = 0; count < 2; count++) {
    expect(fail(failures, HOME)).toMatchObject({ retryAfterMs: undefined });
  }
  expect(fail(failures, HOME)).toEqual({ isTold: false, retryAfterMs: 60_000 });
  expect(fail(failures, "192.0.2.2")).toMatchObject({ retryAfterMs: undefined });
  vi.advanceTimersByTime(60_001);
  expect(fail(failures, HOME)).toMatchObject({ retryAfterMs: undefined });
});

test.each([
  ["API token by its beginning", "stw_abcdefgh-1", "stw_abcdefgh-2", "stw_abcdefgi-1"],
  [
    "JSON Web Token as a whole",
    "eyJhbGciOiJIUzI1NiJ9.e30.a",
    "eyJhbGciOiJIUzI1NiJ9.e30.a",
    "eyJhbGciOiJIUzI1NiJ9.e30.b",
  ],
])("failures with one %s are too many, wherever they come from", (_kind, first, second, other) => {
  const failures = failedLogins(2);
  fail(failures, "192.0.2.1", first);
  expect(fail(failures, "192.0.2.2", second)).toEqual({ isTold: true, retryAfterMs: undefined });
  expect(fail(failures, "192.0.2.3", first)).toMatchObject({ retryAfterMs: 60_000 });
  expect(fail(failures, "192.0.2.4", other)).toMatchObject({ retryAfterMs: undefined });
});

test("without a limit there are never too many", () => {
  const failures = failedLogins(undefined);
  for (let count = 0; count < 1_000; count++) {
    expect(fail(failures, HOME, "stw_same")).toMatchObject({ retryAfterMs: undefined });
  }
});

test("the first failure of an address and the last of the limit are told, and 100 a minute in all", () => {
  const failures = failedLogins(3);
  const told: boolean[] = [];
  for (let count = 0; count < 5; count++) told.push(fail(failures, HOME).isTold);
  expect(told).toEqual([true, false, true, false, false]);
  let others = 0;
  for (let host = 0; host < 1_000; host++) {
    others += Number(fail(failures, `10.0.${host >> 8}.${host & 255}`).isTold);
  }
  expect(others).toBe(98);
});

test("a failure at this server that finds the limit passed by those at others is told", async () => {
  const elsewhere = 5;
  const shared: SharedSums = {
    add: (counts) =>
      Promise.resolve(
        new Map([...counts].map(([key, own]) => [key, { sum: own + elsewhere, msLeft: 30_000 }])),
      ),
  };
  const failures = failedLogins(4, shared);
  expect(fail(failures, HOME)).toEqual({ isTold: true, retryAfterMs: undefined });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fail(failures, HOME)).toEqual({ isTold: true, retryAfterMs: 30_000 });
  expect(fail(failures, HOME)).toEqual({ isTold: false, retryAfterMs: 30_000 });
});

describe("addresses that count as one", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["local", "local"],
  ])("%s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
