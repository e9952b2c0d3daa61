import { plainHost, refusalOfHost } from "../hosts/allowed-hosts.js";
import { COMMANDS, isPath, type Command, type Script } from "../protocol/commands.js";
import { AppError } from "../protocol/errors.js";
import { UnknownVariable, type Variables } from "../runner/ports.js";
import type { ReadClause } from "./plain-english/steps.js";
import type { ToldCase } from "./ports.js";

/**
 * The hosts that generated commands may open, by one rule for every way to generate: those in `ALLOWED_HOSTS` where there
 * are any, else those that the author named. What a page, a model or a part of a document that is no sentence says names
 * none.
 */

/**
 * @param named addresses in the author's own words, which may have places
 * @param options.allowed those of `ALLOWED_HOSTS`
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

/** The addresses that sentences name: those that they open, and any in one that no rule reads. */
export function urlsNamedBy(clauses: readonly ReadClause[]): string[] {
  return clauses.flatMap(({ meaning, text }) =>
    meaning.kind === "unknown" ? addressesIn(text) : urlsIn(meaning.commands),
  );
}

/** The same of what a case says beside its sentences. Comments of its document are for nobody who carries it out. */
export function urlsAround({ preconditions, data }: Pick<ToldCase, "preconditions" | "data">): string[] {
  return [...preconditions, ...data].flatMap(({ text }) => addressesIn(text));
}

const QUOTATION = /"([^"]*)"|“([^”]*)”|'([^']*)'/g;
const ADDRESS = /(?<![@\w./-])(?:https?:\/\/[^\s<>()"'“”]+|(?:[a-z\d-]+\.)+[a-z]{2,}\b(?!@))/gi;

/** A quotation that is more than an address is somebody else's words. */
function addressesIn(text: string): string[] {
  const own = text.replace(QUOTATION, (_all, ...quoted: unknown[]) => {
    const said = quoted.find((one) => typeof one === "string") ?? "";
    return /\s/.test(said.trim()) ? " " : ` ${said} `;
  });
  return (own.match(ADDRESS) ?? []).map((url) => (/^https?:/i.test(url) ? url : `https://${url}`));
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

/** A port, or everything up to the path, that is filled in when the test runs. */
const PORT_TO_COME = /:\$\{[\w.]+\}(?=[/?#]|$)/;
const HOST_TO_COME = /^(?:https?:\/\/)?\$\{[\w.]+\}(?=[/?#:]|$)/i;

/**
 * Says why commands that were written without a page may not be stored.
 *
 * @param named the addresses in the author's own words; nothing where these have made the commands
 * @returns nothing where each address is a path, one to come, or at a host that may be opened
 */
export function refusalOfUrls(
  commands: Script,
  { named, allowed }: { named?: readonly string[]; allowed: readonly string[] },
): string | undefined {
  const hosts = named?.flatMap((url) => hostWithin(url) ?? []);
  for (const url of urlsIn(commands)) {
    if (isPath(url) || HOST_TO_COME.test(url)) continue;
    const host = hostWithin(url);
    if (host === undefined && named?.includes(url) === false)
      return `'${url}' has a host that is put together of variables; write it out, or make all of it one variable`;
    const refusal = host && refusalOfHost(host, allowed);
    if (refusal) return refusal;
    if (host !== undefined && allowed.length === 0 && hosts?.includes(host) === false)
      return `neither the description nor ALLOWED_HOSTS names the host '${plainHost(host)}'`;
  }
  return undefined;
}

/** The host of an address that may have places; nothing where they are a part of the host. */
function hostWithin(url: string): string | undefined {
  const plain = url.replace(PORT_TO_COME, "");
  const host = URL.canParse(plain) ? new URL(plain).hostname : "$";
  return host.includes("$") ? undefined : host;
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
