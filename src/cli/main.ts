#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";
import { CommanderError } from "commander";
import { oneLine } from "../one-line.js";
import { ExitCode } from "./command-context.js";
import { linesOfKnown } from "./known-error.js";
import { createProgram } from "./program.js";

// Node 22 and later keep compiled code for the next start, which is quicker by it; the types are those of Node 20.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

if (existsSync(".env")) process.loadEnvFile(".env");

const program = createProgram({
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  print: (line) => {
    console.log(line);
  },
  remark: (line) => {
    console.error(line);
  },
  now: () => new Date(),
  exitWith: (code) => {
    process.exitCode = code;
  },
});

try {
  // Without a command commander calls the help an error.
  if (process.argv.length > 2) await program.parseAsync();
  else program.outputHelp();
} catch (error) {
  // Help that was asked for is there; a command that lacks its subcommand has printed it instead of an error.
  const isHelp = error instanceof CommanderError && (error.exitCode === 0 || error.code === "commander.help");
  const lines = isHelp ? undefined : linesOfKnown(error);
  if (!isHelp) console.error(lines === undefined ? error : lines.map(oneLine).join("\n"));
  // A server that could not start may have opened what keeps a process alive.
  if (!isHelp || error.exitCode !== 0) process.exit(ExitCode.Impossible);
}
