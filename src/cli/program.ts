import { createRequire } from "node:module";
import { Command } from "commander";
import { addAcceptCheck } from "./accept-check/index.js";
import { addArtifacts } from "./artifacts.js";
import type { CommandContext } from "./command-context.js";
import { addFiles } from "./files/index.js";
import { addDatabase } from "./database.js";
import { addDoctor } from "./doctor/index.js";
import { addGenerate } from "./generate/index.js";
import { addOpen } from "./open/index.js";
import { addRun } from "./run/index.js";
import { addServe } from "./serve.js";
import { addSetup } from "./setup/index.js";
import { addTokens } from "./tokens/index.js";
import { addWebhooks } from "./webhooks/index.js";

/**
 * The commands, in the order in which the help lists them. Each declares itself here and loads what it works with only
 * when it is carried out, so that none waits for the parts of another.
 */
const COMMANDS: readonly ((program: Command, context: CommandContext) => void)[] = [
  addRun,
  addGenerate,
  addAcceptCheck,
  addServe,
  addOpen,
  addDoctor,
  addSetup,
  addTokens,
  addWebhooks,
  addDatabase,
  addArtifacts,
  addFiles,
];

/** The command line `stepwire`, which throws a CommanderError instead of ending the process. */
export function createProgram(context: CommandContext): Command {
  const program = new Command("stepwire")
    .description("Runs browser test cases, and looks after the server that does.")
    .version(versionOf(), "--version", "Print the version.")
    .helpOption("-h, --help", "Print this help.")
    .helpCommand("help [command]", "Print the help of a command.")
    .exitOverride()
    // The one boundary of errors prints them, as one line.
    .configureOutput({ outputError: () => undefined });
  for (const add of COMMANDS) add(program, context);
  return program;
}

/** The package's own version, which stands beside the sources as well as beside the built files. */
function versionOf(): string {
  const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
  return version;
}
