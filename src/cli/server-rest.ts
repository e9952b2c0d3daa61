import { StepwireRest } from "../client/index.js";
import type { Environment } from "../config.js";
import { serverAddress, serverToken } from "./server-address.js";

/**
 * The REST interface of the server that a command was given, as a person with the token in `STEPWIRE_TOKEN` uses it.
 *
 * @throws CommandError for an address that is none
 */
export function restOf(server: string, environment: Environment): StepwireRest {
  return new StepwireRest({ url: serverAddress(server).href, token: serverToken(environment) });
}
