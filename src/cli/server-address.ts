import { parseConfig, type Environment } from "../config.js";
import { authorityOf } from "../hosts/addresses.js";
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

/**
 * The address of the server that would be started here.
 *
 * @throws CommandError when it has none before it starts
 */
export function ownAddress(environment: Environment): URL {
  const { HOST: host, PORT: port } = parseConfig(environment);
  if (port === 0) throw new CommandError("PORT is 0, any free port; name the server with --server.");
  const everywhere: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  return new URL(`http://${authorityOf(everywhere[host] ?? host, port)}`);
}

/** The token for a server; undefined for none, which an empty variable is, too. */
export function serverToken({ STEPWIRE_TOKEN: token }: Environment): string | undefined {
  return token === "" ? undefined : token;
}
