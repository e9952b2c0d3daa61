import { refusalOfHost } from "../../hosts/allowed-hosts.js";
import { COMMANDS, isPath, type Command } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { UnknownVariable, type Variables } from "../../runner/ports.js";

/**
 * The hosts that a generation may open: those in `ALLOWED_HOSTS` where there are any, else those that the author named.
 * A page that names another one opens nothing.
 *
 * @param named addresses in the author's own words, which may have places
 */
export function hostsOf(
  named: readonly string[],
  { allowed, variables }: { allowed: readonly string[]; variables: Pick<Variables, "fillIn"> },
): readonly string[] {
  if (allowed.length > 0) return allowed;
  return [...new Set(named.flatMap((url) => hostOf(url, variables) ?? []))];
}

/** The addresses that commands open, as they are written. */
export function urlsIn(commands: readonly Command[]): string[] {
  return commands.flatMap((command) =>
    COMMANDS[command.action].urls.flatMap((field) => {
      const value = (command as Readonly<Record<string, unknown>>)[field];
      return typeof value === "string" ? [value] : [];
    }),
  );
}

function hostOf(url: string, variables: Pick<Variables, "fillIn">): string | undefined {
  try {
    return new URL(variables.fillIn(url)).hostname;
  } catch (error) {
    // The command that opens it says so; nothing else of the generation can be about this host.
    if (error instanceof UnknownVariable || error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * Refuses an address at which a generation must not begin. One with a variable, and the base URL of an environment, are
 * looked at again when they are opened.
 *
 * @throws AppError `forbidden_url` with the remedy, `invalid_message` for a path that belongs to nothing
 */
export function refuseStartUrl(
  url: string,
  allowed: readonly string[],
  environment: string | undefined,
): void {
  if (url.includes("${")) return;
  if (isPath(url)) {
    if (environment !== undefined) return;
    throw new AppError(
      "invalid_message",
      `'start_url': '${url}' is a path; write the whole URL, or name an 'environment' with a base URL.`,
    );
  }
  const refusal = refusalOfHost(new URL(url).hostname, allowed);
  if (refusal !== undefined) throw new AppError("forbidden_url", `'start_url': ${refusal}.`);
}
