import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";

export function addOpen(program: Command, context: CommandContext): void {
  program
    .command("open")
    .description("Open the page of the server, of a test case or of a run in your browser.")
    .argument("[id]", "the id of a test case or of a run (default: the list of test cases)")
    .option("--server <url>", "the server (default: the one of HOST and PORT on this machine)")
    .addHelpText("after", "\nThe address is printed, too, for where there is no browser.")
    .action(async (id: string | undefined, { server }: { server?: string }) => {
      const { openPage } = await import("./open-page.js");
      await openPage(id, { server }, context);
    });
}
