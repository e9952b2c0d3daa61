import type { Command } from "commander";
import type { CommandContext } from "./command-context.js";

export function addServe(program: Command, { environment }: CommandContext): void {
  program
    .command("serve")
    .description("Serve the WebSocket, the REST interface and the pages until a signal ends it.")
    .option("--port <port>", "the port; 0 takes any that is free (default: PORT, or 8000)")
    .option("--host <host>", "the address to listen on (default: HOST, or 127.0.0.1)")
    .addHelpText(
      "after",
      "\nEverything else comes from the environment or a file .env, as the README lists it.",
    )
    .action(async ({ port, host }: { port?: string; host?: string }) => {
      const { serve } = await import("../serve.js");
      const options = {
        ...(port !== undefined && { PORT: port }),
        ...(host !== undefined && { HOST: host }),
      };
      await serve({ ...environment, ...options });
    });
}
