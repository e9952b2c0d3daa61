import { describe, expect, test } from "vitest";
import { CommandError } from "../../../src/cli/command-context.js";
import { toNewToken } from "../../../src/cli/tokens/new-token.js";

const NOW = new Date("2026-11-25T00:00:00.000Z");

test.each([
  [
    { name: "ci", scopes: "run,read" },
    { name: "ci", scopes: ["run", "read"], expiresAt: undefined },
  ],
  [{ name: "a.b-c_1", scopes: " read, read," }, { scopes: ["read"] }],
])("%j", (asked, token) => {
  expect(toNewToken(asked, NOW)).toMatchObject(token);
});

test.each([
  ["90d", "2027-02-23T00:00:00.000Z"],
  ["12h", "2026-11-25T12:00:00.000Z"],
  ["30m", "2026-11-25T00:30:00.000Z"],
  ["2027-01-31", "2027-01-31T00:00:00.000Z"],
  ["2027-01-31T10:00:00+02:00", "2027-01-31T08:00:00.000Z"],
])("--expires %s", (expires, time) => {
  expect(toNewToken({ name: "ci", scopes: "read", expires }, NOW).expiresAt).toEqual(new Date(time));
});

describe("an option that cannot be used is named", () => {
  test.each([
    [{ name: "a/b" }, "--name: must be"],
    [{ scopes: "," }, "--scopes: it takes one or more of read, run, author, admin"],
    [{ scopes: "read,root" }, 'there is no "root"; there are read, run, author, admin'],
    [{ expires: "soon" }, "neither a time"],
    [{ expires: "0d" }, "not in the future"],
    [{ expires: "2020-01-01" }, "not in the future"],
    [{ expires: "2027-13-45" }, "neither a time"],
    [{ expires: "999999999d" }, "more than a hundred years"],
  ])("%j", (options, problem) => {
    const asked = { name: "ci", scopes: "read", ...options };
    expect(() => toNewToken(asked, NOW)).toThrow(CommandError);
    expect(() => toNewToken(asked, NOW)).toThrow(problem);
  });
});
