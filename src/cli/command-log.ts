import { destination, type Logger } from "pino";
import { createLogger } from "../logger.js";

/**
 * The log of a command: errors alone, on standard error, because standard output is for what was asked for.
 *
 * @param level "silent" for a command that tells everything by itself
 */
export function createCommandLog(level: "error" | "silent" = "error"): Promise<Logger> {
  return createLogger({ level, pretty: false, destination: destination(2) });
}
