import { parseArgs } from "node:util";
import { TokenName } from "../auth/token-name.js";
import { Scope, SCOPES } from "../protocol/scopes.js";

/** A command line that cannot be carried out. Its message says what to type instead. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

export type Command =
  | { kind: "help"; text: string }
  | { kind: "create"; name: string; scopes: Scope[]; expiresAt: Date | undefined }
  | { kind: "list"; json: boolean }
  | { kind: "revoke"; idOrName: string }
  | { kind: "prune" }
  | { kind: "adopt" }
  | DatabaseCommand;

/** A command on the database as a whole. */
export type DatabaseCommand =
  { kind: "backup"; file: string; force: boolean } | { kind: "restore"; file: string };

const HELP = `Usage: stepwire tokens <command>
       stepwire db <command>
       stepwire artifacts adopt

Makes and revokes the API tokens that clients of the server log in with, and backs the database up. It works on
the database that DATABASE_URL names, also while the server runs, which takes notice at once.

  tokens create --name <name> --scopes <scope,…> [--expires <when>]
      Makes a token and shows it, this once. --expires takes a time from now, such as 90d, 12h or 30m,
      or a date, such as 2027-01-31; without it the token never expires.
  tokens list [--json]
      Lists all tokens: what they may do, when they were used last, whether they are still good.
  tokens revoke <name or id>
      Ends a token for good. Whoever is connected with it is disconnected within a second.
  tokens prune
      Deletes tokens that were revoked or have expired. Without any token left nobody needs one any more,
      unless HOST lets others reach the server.
  artifacts adopt
      Gives the folder ARTIFACTS_DIR to the database DATABASE_URL, whoever had it before: a server does not
      start on a folder that another database has, or that is missing while its database has artifacts.
  db backup <file> [--force]
      Copies the database into a file, whole and checked, also while the server runs. --force replaces a
      file of that name. The files in ARTIFACTS_DIR are not in it.
  db restore <file>
      Makes a backup the database; no server may run on it. The one that was there is kept beside it.

Scopes:
${Object.entries(SCOPES)
  .map(([scope, meaning]) => `  ${scope.padEnd(8)}${meaning.replaceAll("`", "")}`)
  .join("\n")}`;

const OPTIONS = {
  name: { type: "string" },
  scopes: { type: "string" },
  expires: { type: "string" },
  json: { type: "boolean" },
  force: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Options = Partial<{
  name: string;
  scopes: string;
  expires: string;
  json: boolean;
  force: boolean;
  help: boolean;
}>;

/** The options and the subject of each command; `help` is for all. */
const COMMANDS: Record<string, { options: readonly (keyof Options)[]; about?: string }> = {
  "tokens create": { options: ["name", "scopes", "expires"] },
  "tokens list": { options: ["json"] },
  "tokens revoke": { options: [], about: "which? Give a name or an id." },
  "tokens prune": { options: [] },
  "artifacts adopt": { options: [] },
  "db backup": { options: ["force"], about: "into which file? Name one." },
  "db restore": { options: [], about: "from which file? Name a backup." },
};

/** @throws CommandError */
export function parseCommand(args: string[], now: Date): Command {
  const { values, positionals } = parse(args);
  const [topic] = positionals;
  if (values.help === true || topic === undefined || topic === "help") return { kind: "help", text: HELP };
  const command = positionals.slice(0, 2).join(" ");
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (known === undefined) {
    throw new CommandError(
      `There is no command "${command}". Try tokens create, list, revoke or prune, db backup or restore, artifacts adopt, or --help.`,
    );
  }
  const unknown = Object.keys(values).find((name) => !known.options.includes(name as keyof Options));
  if (unknown !== undefined) throw new CommandError(`${command} takes no --${unknown}. Try --help.`);
  const rest = positionals.slice(2);
  const about = known.about === undefined ? "" : rest.shift();
  if (about === undefined) throw new CommandError(`${command}: ${known.about}`);
  if (rest.length > 0) throw new CommandError(`${command}: "${rest[0]}" is one word too many.`);
  switch (command) {
    case "tokens create":
      return toCreate(values, now);
    case "tokens list":
      return { kind: "list", json: values.json ?? false };
    case "tokens revoke":
      return { kind: "revoke", idOrName: about };
    case "artifacts adopt":
      return { kind: "adopt" };
    case "db backup":
      return { kind: "backup", file: about, force: values.force ?? false };
    case "db restore":
      return { kind: "restore", file: about };
    default:
      return { kind: "prune" };
  }
}

function parse(args: string[]): { values: Options; positionals: string[] } {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${(error as Error).message.split(". ")[0]}. Try --help.`, { cause: error });
  }
}

function toCreate({ name, scopes, expires }: Options, now: Date): Command {
  if (name === undefined) throw new CommandError("tokens create: --name is missing, such as --name ci.");
  const named = TokenName.safeParse(name);
  if (!named.success) throw new CommandError(`--name: ${named.error.issues[0]?.message ?? "is not valid"}.`);
  const known = Object.keys(SCOPES).join(", ");
  const words = (scopes ?? "").split(",").flatMap((word) => word.trim() || []);
  if (words.length === 0) {
    throw new CommandError(`tokens create: --scopes is missing; it takes one or more of ${known}.`);
  }
  const parsed = words.map((word) => Scope.safeParse(word));
  const wrong = parsed.findIndex(({ success }) => !success);
  if (wrong >= 0) throw new CommandError(`--scopes: there is no "${words[wrong]}"; there are ${known}.`);
  const given = parsed.flatMap(({ data }) => data ?? []);
  const expiresAt = expires === undefined ? undefined : parseExpiry(expires, now);
  return { kind: "create", name: named.data, scopes: [...new Set(given)], expiresAt };
}

const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** Longest life of a token, in milliseconds: what dates can hold is more, but nobody means it. */
const MAX_LIFE_MS = 36_500 * 86_400_000;

function parseExpiry(text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,9})([dhm])$/.exec(text) ?? [];
  const time =
    count === undefined || unit === undefined
      ? // Only dates as ISO 8601 has them: what else Date.parse takes differs from one engine to the next.
        Date.parse(/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(text) ? text : "")
      : now.getTime() + Number(count) * (UNIT_MS[unit] ?? 0);
  if (Number.isNaN(time)) {
    throw new CommandError(`--expires: "${text}" is neither a time such as 90d, 12h, 30m nor a date.`);
  }
  if (time <= now.getTime()) throw new CommandError(`--expires: ${text} is not in the future.`);
  if (time - now.getTime() > MAX_LIFE_MS) {
    throw new CommandError(`--expires: ${text} is more than a hundred years from now; leave it out.`);
  }
  return new Date(time);
}
