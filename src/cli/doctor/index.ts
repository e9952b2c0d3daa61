import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";

const HELP = `
It looks with the environment and .env that a server would have here, starts the browser once, and changes
nothing. Exit codes: 0 nothing is wrong, 1 something is, 2 it could not be carried out.`;

export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .description("Look at browser, database, ports, rights and disk, and say how to mend what is wrong.")
    .option("--json", "for programs")
    .addHelpText("after", HELP)
    .action(async ({ json = false }: { json?: boolean }) => {
      const { tellFindings } = await import("./tell-findings.js");
      await tellFindings({ json }, context);
    });
}
