import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FailedLogins, networkOf } from "../../../src/auth/failed-logins.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("after so many failures an address is not admitted until a minute is over", async () => {
  const failures = new FailedLogins(2);
  await failures.count("192.0.2.1");
  await failures.admit("192.0.2.1");
  await failures.count("192.0.2.1");
  await expect(failures.admit("192.0.2.1")).rejects.toMatchObject({
    code: "rate_limited",
    retryAfterMs: 60_000,
  });
  await failures.admit("192.0.2.2");
  vi.advanceTimersByTime(60_001);
  await failures.admit("192.0.2.1");
});

test("without a limit any number is admitted", async () => {
  const failures = new FailedLogins(undefined);
  for (let count = 0; count < 1_000; count++) await failures.count("192.0.2.1");
  await failures.admit("192.0.2.1");
});

test("the first failure of an address and the one that ends it are worth writing down, and 100 a minute in all", async () => {
  const failures = new FailedLogins(3);
  const worth: boolean[] = [];
  for (let count = 0; count < 5; count++) worth.push(await failures.count("192.0.2.1"));
  expect(worth).toEqual([true, false, true, false, false]);
  let written = 0;
  for (let host = 0; host < 1_000; host++)
    written += Number(await failures.count(`10.0.${host >> 8}.${host & 255}`));
  expect(written).toBe(98);
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
