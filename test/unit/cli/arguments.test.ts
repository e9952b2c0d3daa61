import { describe, expect, test } from "vitest";
import { CommandError, parseCommand } from "../../../src/cli/arguments.js";
import { SCOPES } from "../../../src/protocol/scopes.js";

const NOW = new Date("2026-11-25T00:00:00.000Z");
const parse = (line: string) => parseCommand(line.split(" ").filter(Boolean), NOW);

test.each([
  ["tokens create --name ci --scopes run,read", { kind: "create", name: "ci", scopes: ["run", "read"] }],
  ["tokens create --scopes read,read --name a.b-c_1", { kind: "create", name: "a.b-c_1", scopes: ["read"] }],
  ["tokens list", { kind: "list", json: false }],
  ["tokens list --json", { kind: "list", json: true }],
  ["tokens revoke ci", { kind: "revoke", idOrName: "ci" }],
  ["tokens prune", { kind: "prune" }],
  ["artifacts adopt", { kind: "adopt" }],
  ["db backup a.db", { kind: "backup", file: "a.db", force: false }],
  ["db backup a.db --force", { kind: "backup", file: "a.db", force: true }],
  ["db restore a.db", { kind: "restore", file: "a.db" }],
])("%s", (line, command) => {
  expect(parse(line)).toMatchObject(command);
});

test.each([
  ["90d", "2027-02-23T00:00:00.000Z"],
  ["12h", "2026-11-25T12:00:00.000Z"],
  ["30m", "2026-11-25T00:30:00.000Z"],
  ["2027-01-31", "2027-01-31T00:00:00.000Z"],
  ["2027-01-31T10:00:00+02:00", "2027-01-31T08:00:00.000Z"],
])("--expires %s", (text, time) => {
  expect(parse(`tokens create --name ci --scopes read --expires ${text}`)).toMatchObject({
    expiresAt: new Date(time),
  });
});

test.each(["", "--help", "-h", "help", "tokens --help", "tokens create --help"])(
  "%j shows every command and scope",
  (line) => {
    const { text } = parse(line) as { text: string };
    for (const word of [
      "create",
      "list",
      "revoke",
      "prune",
      "backup",
      "restore",
      "--force",
      "--expires",
      ...Object.keys(SCOPES),
    ]) {
      expect(text).toContain(word);
    }
  },
);

describe("a command that cannot be carried out says what to type instead", () => {
  test.each([
    ["token list", 'There is no command "token list"'],
    ["tokens", 'There is no command "tokens"'],
    ["tokens constructor", "There is no command"],
    ["constructor", 'There is no command "constructor"'],
    ["db", 'There is no command "db"'],
    ["db drop", 'There is no command "db drop"'],
    ["db backup", "into which file?"],
    ["db backup a b", "one word too many"],
    ["db restore", "from which file?"],
    ["db restore a --force", "db restore takes no --force"],
    ["tokens create --scopes read", "--name is missing"],
    ["tokens create --name a/b --scopes read", "--name: must be"],
    ["tokens create --name ci", "--scopes is missing; it takes one or more of read, run, author, admin"],
    ["tokens create --name ci --scopes ,", "--scopes is missing"],
    ["tokens create --name ci --scopes read,root", 'there is no "root"; there are read, run, author, admin'],
    ["tokens create --name ci --scopes read --expires soon", "neither a time"],
    ["tokens create --name ci --scopes read --expires 0d", "not in the future"],
    ["tokens create --name ci --scopes read --expires 2020-01-01", "not in the future"],
    ["tokens create --name ci --scopes read --expires 2027-13-45", "neither a time"],
    ["tokens create --name ci --scopes read --expires 999999999d", "more than a hundred years"],
    ["tokens create --name", "--name"],
    ["tokens create ci", "one word too many"],
    ["tokens revoke", "Give a name or an id"],
    ["tokens revoke a b", "one word too many"],
    ["tokens list --name ci", "takes no --name"],
    ["tokens list --jsn", "--jsn"],
    ["artifacts", 'There is no command "artifacts"'],
    ["artifacts delete", 'There is no command "artifacts delete"'],
    ["artifacts adopt all", "one word too many"],
    ["artifacts adopt --name a", "takes no --name"],
  ])("%s", (line, problem) => {
    expect(() => parse(line)).toThrow(CommandError);
    expect(() => parse(line)).toThrow(problem);
  });
});
