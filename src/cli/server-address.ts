import type { Environment } from "../config.js";
import { CommandError } from "./command-context.js";

/**
 * The address that `--server` gives.
 *
 * @throws CommandError for one that is none
 */
export function serverAddress(server: string): URL {
  if (/^https?:\/\//.test(server) && URL.canParse(server)) return new URL(server);
  throw new CommandError(`--server: '${server}' is no http or https address, such as http://127.0.0.1:8000.`);
}

/** The token for a server; undefined for none, which an empty variable is, too. */
export function serverToken({ STEPWIRE_TOKEN: token }: Environment): string | undefined {
  return token === "" ? undefined : token;
}
