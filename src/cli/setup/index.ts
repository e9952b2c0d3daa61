import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";

const HELP = `
It looks where BROWSER_BINARY and BROWSER_DRIVER say, in the PATH and the usual places; then it installs
Debian's packages (as root) or asks Selenium Manager for a download. BROWSER chooses chrome, edge or firefox.`;

export function addSetup(program: Command, context: CommandContext): void {
  program
    .command("setup")
    .description("Find a browser and its driver, or install them.")
    .addHelpText("after", HELP)
    .action(async () => {
      const { setUpBrowser } = await import("./set-up-browser.js");
      await setUpBrowser(context);
    });
}
