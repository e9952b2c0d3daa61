import { createHash } from "node:crypto";
import type { KeyedRequest, RequestKey } from "../../protocol/idempotency.js";
import { IDEMPOTENCY_HOURS } from "../../protocol/limits.js";

/** Tells if the key of a request still counts, by the time when its result was saved. */
export function isRemembered(savedAt: Date): boolean {
  return savedAt > rememberedSince();
}

/** The time since which keys count. */
export function rememberedSince(): Date {
  return new Date(Date.now() - IDEMPOTENCY_HOURS * 3_600_000);
}

/** The columns that keep a request with the row that it made. */
export function toColumns(once: KeyedRequest | undefined) {
  return {
    idempotencyPrincipal: once?.principal ?? null,
    idempotencyKey: once === undefined ? null : digestOf(once.key),
    idempotencyRequest: once?.asked ?? null,
  };
}

/** The same columns without a request: its key may be used again. */
export const FORGOTTEN = toColumns(undefined);

/** The condition that finds the rows of a request by its key. */
export function whereAsked({ principal, key }: RequestKey) {
  // A version before this one has stored the keys themselves.
  return { idempotencyPrincipal: principal, idempotencyKey: { in: [digestOf(key), key] } };
}

/** The stored form of a key: with the key itself, what is stored of its request could be guessed. */
function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
