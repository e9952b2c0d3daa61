import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";

export function addAcceptCheck(program: Command, context: CommandContext): void {
  program
    .command("accept-check")
    .description("Take a check over into the script of a step that a generation has only offered.")
    .argument("<step>", "the id of the test step")
    .argument("<index>", "its place among the offered checks of the step, from 0")
    .requiredOption("--server <url>", "the server; STEPWIRE_TOKEN is the token for it")
    .action(async (step: string, index: string, { server }: { server: string }) => {
      const { acceptCheck } = await import("./accept-check.js");
      await acceptCheck({ step, index, server }, context);
    });
}
