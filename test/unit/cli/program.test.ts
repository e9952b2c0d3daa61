import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { CommandError, type CommandContext } from "../../../src/cli/command-context.js";
import { linesOfKnown } from "../../../src/cli/known-error.js";
import { createProgram } from "../../../src/cli/program.js";
import { SCOPES } from "../../../src/protocol/scopes.js";

const nothing = (): void => undefined;
const CONTEXT: CommandContext = {
  // No line of these tests is to get as far as a database.
  environment: { DATABASE_URL: "nothing" },
  stdin: Readable.from([]),
  stdout: { write: () => true },
  print: nothing,
  remark: nothing,
  now: () => new Date("2026-11-25T00:00:00.000Z"),
  exitWith: nothing,
};

/** Carries a line out that ends before its command begins. */
async function carryOut(line: string): Promise<{ error: unknown; output: string }> {
  let output = "";
  const program = createProgram(CONTEXT);
  const writeOut = (text: string) => (output += text);
  const visit = (command: typeof program): void => {
    command.configureOutput({ writeOut, writeErr: writeOut });
    command.commands.forEach(visit);
  };
  visit(program);
  const error: unknown = await program
    .parseAsync(line.split(" ").filter(Boolean), { from: "user" })
    .catch((reason: unknown) => reason);
  return { error, output };
}

test.each([
  ["--help", ["run", "serve", "tokens", "db", "artifacts"]],
  ["tokens --help", ["create", "list", "revoke", "prune", "DATABASE_URL"]],
  ["tokens create --help", ["--expires", "--scopes", ...Object.keys(SCOPES)]],
  ["db --help", ["backup", "restore"]],
  ["help db", ["backup", "restore"]],
])("%s tells of everything", async (line, words) => {
  const { error, output } = await carryOut(line);
  expect(error).toBeInstanceOf(CommanderError);
  expect(error).toMatchObject({ exitCode: 0 });
  for (const word of words) expect(output).toContain(word);
});

test("--version prints the package's version", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect((await carryOut("--version")).output).toBe(`${version}\n`);
});

describe("a command that cannot be carried out says what to type instead", () => {
  test.each([
    ["token list", "unknown command 'token' (Did you mean tokens?). Try --help."],
    ["tokens constructor", "unknown command 'constructor'"],
    ["constructor", "unknown command 'constructor'"],
    ["db drop", "unknown command 'drop'"],
    ["db backup", "missing required argument 'file'. Try --help."],
    ["db backup a b", "Expected 1 argument but got 2. Try --help."],
    ["db restore", "missing required argument 'file'"],
    ["db restore a --force", "unknown option '--force'"],
    ["tokens create --scopes read", "required option '--name <name>' not specified"],
    ["tokens create --name ci", "required option '--scopes"],
    ["tokens create --name", "argument missing"],
    ["tokens create --name ci --scopes read ci", "too many arguments"],
    ["tokens revoke", "missing required argument"],
    ["tokens revoke a b", "too many arguments"],
    ["tokens list --name ci", "unknown option '--name'"],
    ["tokens list --jsn", "unknown option '--jsn' (Did you mean --json?)."],
    ["artifacts delete", "unknown command 'delete'"],
    ["artifacts adopt all", "too many arguments"],
    ["tokens create --name a/b --scopes read", "--name: must be"],
    ["tokens create --name ci --scopes read --expires soon", "--expires:"],
  ])("%s", async (line, problem) => {
    const { error } = await carryOut(line);
    expect([CommanderError, CommandError].some((kind) => error instanceof kind)).toBe(true);
    expect(linesOfKnown(error)?.join()).toContain(problem);
  });

  test("a bug has no such message", async () => {
    expect(linesOfKnown(new TypeError("x is undefined"))).toBeUndefined();
  });
});

test.each(["tokens", "db", "artifacts"])("%s alone shows its commands and fails", async (line) => {
  const { error, output } = await carryOut(line);
  expect(error).toMatchObject({ code: "commander.help", exitCode: 1 });
  expect(output).toContain("Commands:");
});
