import type { Command } from "../protocol/commands.js";
import { executorOf } from "./commands/index.js";

/** The effect of a command, in words: its own description, or one that is made from its fields. */
export function describeCommand(command: Command): string {
  return command.description ?? executorOf(command).describe(command);
}
