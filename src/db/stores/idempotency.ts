import type { KeyedRequest } from "../../protocol/idempotency.js";
import { IDEMPOTENCY_HOURS } from "../../protocol/limits.js";

/** Whether the key of what was saved then still counts. */
export function isRemembered(savedAt: Date): boolean {
  return Date.now() - savedAt.getTime() < IDEMPOTENCY_HOURS * 3_600_000;
}

/** The columns that keep a request with what it made. */
export function toColumns(once: KeyedRequest | undefined) {
  return {
    idempotencyPrincipal: once?.principal ?? null,
    idempotencyKey: once?.key ?? null,
    idempotencyRequest: once?.asked ?? null,
  };
}

/** The same columns without a request: its key may be used again. */
export const FORGOTTEN = toColumns(undefined);

/** Where a request with its key is looked for. */
export function whereAsked({ principal, key }: Pick<KeyedRequest, "principal" | "key">) {
  return { idempotencyPrincipal_idempotencyKey: { idempotencyPrincipal: principal, idempotencyKey: key } };
}
