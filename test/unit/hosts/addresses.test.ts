import fc from "fast-check";
import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import {
  handsOutCredentials,
  isLoopback,
  isThisMachine,
  plainAddress,
} from "../../../src/hosts/addresses.js";

const byte = fc.integer({ min: 0, max: 255 });
const hex = (...bytes: number[]) => bytes.map((each) => each.toString(16).padStart(2, "0")).join("");

/** The IPv6 addresses that stand for an IPv4 address. */
const formsOf = ([a, b, c, d]: [number, number, number, number]) => [
  `${a}.${b}.${c}.${d}`,
  `::ffff:${a}.${b}.${c}.${d}`,
  `::ffff:${hex(a, b)}:${hex(c, d)}`,
  `::${hex(a, b)}:${hex(c, d)}`,
  `::ffff:0:${hex(a, b)}:${hex(c, d)}`,
  `64:ff9b::${hex(a, b)}:${hex(c, d)}`,
  `64:ff9b:1::${hex(a, b)}:${hex(c, d)}`,
  `64:ff9b:1:abcd:1:2:${hex(a, b)}:${hex(c, d)}`,
  `2002:${hex(a, b)}:${hex(c, d)}::1`,
  `2001:0:1:2:3:4:${hex(a ^ 255, b ^ 255)}:${hex(c ^ 255, d ^ 255)}`,
  `2001:db8::5efe:${hex(a, b)}:${hex(c, d)}`,
];

describe("services that hand out credentials", () => {
  test("are known by every link-local address, in every form", () => {
    fc.assert(
      fc.property(byte, byte, (c, d) => {
        for (const form of formsOf([169, 254, c, d])) expect(handsOutCredentials(form), form).toBe(true);
      }),
    );
  });

  test.each(["fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "100.100.100.200"])(
    "%s is one",
    (address) => {
      expect(handsOutCredentials(address)).toBe(true);
    },
  );

  test.each([
    "169.253.255.255",
    "169.255.0.1",
    "10.0.0.1",
    "127.0.0.1",
    "::1",
    "2001:db8::1",
    "fd00::1",
    "a.test",
    "",
  ])("%s is none", (address) => {
    expect(handsOutCredentials(address)).toBe(false);
  });
});

describe("this machine", () => {
  test("is every loopback address, in every form", () => {
    fc.assert(
      fc.property(byte, byte, byte, (b, c, d) => {
        for (const form of formsOf([127, b, c, d])) expect(isThisMachine(form), form).toBe(true);
      }),
    );
  });

  test("is what connects to it, and its own addresses", () => {
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    for (const address of ["0.0.0.0", "::", "::1", ...own.map((each) => each.address)])
      expect(isThisMachine(address), address).toBe(true);
  });

  test.each(["8.8.8.8", "126.255.255.255", "128.0.0.1", "2001:db8::1"])("is not %s", (address) => {
    expect(isThisMachine(address)).toBe(false);
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["localhost", true],
  ["::1", true],
  ["[::1]", true],
  ["0:0:0:0:0:0:0:1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.7", false],
  ["127.0.0.1.evil.test", false],
  ["localhost.evil.test", false],
  ["127.1", false],
  ["::ffff:127.0.0.1", false],
  ["", false],
])("whether %s is this machine only: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:c000:201", "192.0.2.1"],
  ["2001:db8::1", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1%eth0"],
  ["unknown", "unknown"],
])("%s is known as %s", (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});
