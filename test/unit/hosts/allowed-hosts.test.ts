import { expect, test } from "vitest";
import { refusalOfHost } from "../../../src/hosts/allowed-hosts.js";

const isHostAllowed = (hostname: string, allowed: string[]) => refusalOfHost(hostname, allowed) === undefined;
const hostOf = (url: string) => new URL(url).hostname;

test.each([
  "http://169.254.169.254/latest/meta-data",
  "http://0xa9fea9fe/",
  "http://2852039166/",
  "http://[::ffff:169.254.169.254]/",
  "http://[fe80::1]/",
  "http://[fd00:ec2::254]/",
  "http://metadata.google.internal/",
  "http://metadata.google.internal./",
])("%s hands out credentials and is refused, also where every host is allowed", (url) => {
  expect(isHostAllowed(hostOf(url), [])).toBe(false);
  expect(isHostAllowed(hostOf(url), [hostOf(url)])).toBe(false);
});

test("without a list every other host is allowed", () => {
  expect(isHostAllowed("app.example.com", [])).toBe(true);
  expect(isHostAllowed("127.0.0.1", [])).toBe(true);
});

test("a list allows what it names, and subdomains where it says so", () => {
  const list = ["App.example.com", "*.test.example.com"];
  expect(isHostAllowed("app.example.com", list)).toBe(true);
  expect(isHostAllowed("a.test.example.com", list)).toBe(true);
  expect(isHostAllowed("test.example.com", list)).toBe(false);
  expect(isHostAllowed("eviltest.example.com", list)).toBe(false);
  expect(isHostAllowed("other.com", list)).toBe(false);
});
