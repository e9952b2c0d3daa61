import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import type { ListOptions, RedeliverOptions } from "./deliveries.js";

const SERVER = [
  "--server <url>",
  "the server (default: the one of HOST and PORT on this machine); STEPWIRE_TOKEN is its token",
] as const;

export function addWebhooks(program: Command, context: CommandContext): void {
  const webhooks = program
    .command("webhooks")
    .description("Look after what webhooks are told of runs; needs the scope admin.");
  webhooks
    .command("list")
    .description("List the messages of the last 30 days, newest first.")
    .option("--status <status>", "pending, delivered or failed")
    .option("--run <id>", "those about this run")
    .option("--json", "for programs")
    .option(...SERVER)
    .action(async (options: ListOptions) => {
      const { listDeliveries } = await import("./deliveries.js");
      await listDeliveries(options, context);
    });
  webhooks
    .command("redeliver")
    .description("Deliver messages again, also those that were given up.")
    .argument("[id...]", "ids of messages")
    .option("--failed", "all that were given up")
    .option(...SERVER)
    .action(async (ids: string[], options: RedeliverOptions) => {
      const { redeliver } = await import("./deliveries.js");
      await redeliver(ids, options, context);
    });
}
