import { destination, type Logger } from "pino";
import { createLogger } from "../logger.js";

/** The log of a command: errors alone, on standard error, because standard output is for what was asked for. */
export function createCommandLog(): Promise<Logger> {
  return createLogger({ level: "error", pretty: false, destination: destination(2) });
}
