import { TokenName } from "../../auth/token-name.js";
import { Scope, SCOPES } from "../../protocol/scopes.js";
import { CommandError } from "../command-context.js";

/** A token as the options of `tokens create` ask for it. */
export interface AskedToken {
  name: string;
  scopes: string;
  expires?: string;
}

export interface NewToken {
  name: string;
  scopes: Scope[];
  expiresAt: Date | undefined;
}

/** @throws CommandError for an option that cannot be used. */
export function toNewToken({ name, scopes, expires }: AskedToken, now: Date): NewToken {
  const named = TokenName.safeParse(name);
  if (!named.success) throw new CommandError(`--name: ${named.error.issues[0]?.message ?? "is not valid"}.`);
  return {
    name: named.data,
    scopes: toScopes(scopes),
    expiresAt: expires === undefined ? undefined : toExpiry(expires, now),
  };
}

function toScopes(text: string): Scope[] {
  const known = Object.keys(SCOPES).join(", ");
  const words = text.split(",").flatMap((word) => word.trim() || []);
  if (words.length === 0) throw new CommandError(`--scopes: it takes one or more of ${known}.`);
  const parsed = words.map((word) => Scope.safeParse(word));
  const wrong = parsed.findIndex(({ success }) => !success);
  if (wrong >= 0) throw new CommandError(`--scopes: there is no "${words[wrong]}"; there are ${known}.`);
  return [...new Set(parsed.flatMap(({ data }) => data ?? []))];
}

const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** Longest life of a token, in milliseconds: what dates can hold is more, but nobody means it. */
const MAX_LIFE_MS = 36_500 * 86_400_000;

function toExpiry(text: string, now: Date): Date {
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
