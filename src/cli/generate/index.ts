import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import type { GivenOptions } from "./generate.js";

const HELP = `
The description is one of docs/FORMATS.md: sentences, a list, a manual test, a table, CSV or Gherkin. Without any
words it is read from --file, or from standard input.

With --url the page is opened, and each sentence is tried on it as it is written. The case file is written in this
process, with plain English or the AI server of OPENAI_API_KEY; with --server on a server, which keeps the test
case as well, and for which STEPWIRE_TOKEN is the token.

Exit codes: 0 everything was understood (and with --url verified), 1 something was not: standard error says what,
and in the file it is a command that never passes; 2 nothing could be made of the description.`;

export function addGenerate(program: Command, context: CommandContext): void {
  program
    .command("generate")
    .description("Write a case file of a description in plain English.")
    .argument("[description...]", "what the test does")
    .option("--file <path>", "a file with the description")
    .option("--url <url>", "the page on which each sentence is tried")
    .option("--format <format>", "yaml or json", "yaml")
    .option("-o, --output <path>", "a file (.yaml, .yml, .json), or a folder for a file a case")
    .option("--force", "replace files that are there")
    .option("--server <url>", "generate on this server")
    .addHelpText("after", HELP)
    .action(async (words: string[], options: GivenOptions) => {
      const { generateFiles } = await import("./generate.js");
      await generateFiles(words.join(" "), options, context);
    });
}
