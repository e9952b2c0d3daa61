import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import type { GivenOptions } from "./options.js";

const HELP = `
Tests are files, folders with files, ids of a server's test cases, and tags (@smoke).

They run in this process, with a browser of its own and a database that is gone afterwards. With
--server they run on a server, which keeps them; STEPWIRE_TOKEN is the token for it.

Exit codes: 0 all passed, 1 a test failed, 2 something could not be run or judged,
130 it was interrupted.`;

export function addRun(program: Command, context: CommandContext): void {
  const collect = (value: string, values: string[]) => [...values, value];
  program
    .command("run")
    .description("Run test cases and report on them.")
    .argument("[test...]", "files, folders, ids, or tags such as @smoke")
    .option("--server <url>", "run them on this server")
    .option("--env <name>", "the environment of all of them (default: that of each test case)")
    .option("--var <name=value>", "a value of ${env.NAME} in scripts; may be given again", collect, [])
    .option("--parallel <number>", "tests side by side (default: the cores of this machine)")
    .option("--retries <number>", "attempts that may follow one that does not pass")
    .option("--priority <number>", "0 to 9, with --server: the highest of your waiting runs begin first")
    .option("--shard <part>", "run a part only, such as 1/4")
    .option("--grep <pattern>", "run only tests whose names match")
    .option("--fail-fast", "begin no further test once one has not passed")
    .option("--headed", "show the browser")
    .option("--slow <ms>", "wait so long before each command")
    .option("--browser <name>", "the browser, where there is a Selenium Grid: firefox, or firefox@128")
    .option("--video", "record videos")
    .option("--no-video", "record none")
    .option("--reporter <names>", "list, junit, html, json, github; with commas between them", "list")
    .option("--output <folder>", "the folder of the reports", "stepwire-report")
    .addHelpText("after", HELP)
    .action(async (targets: string[], options: GivenOptions) => {
      const { runTests } = await import("./run-tests.js");
      await runTests(targets, options, context);
    });
}
