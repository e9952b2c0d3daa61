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

/** What forgets a key, so that it may be used again. */
export const FORGOTTEN = toColumns(undefined);

/** Where a request with its key is looked for. */
export function whereAsked({ principal, key }: Pick<KeyedRequest, "principal" | "key">) {
  return { idempotencyPrincipal_idempotencyKey: { idempotencyPrincipal: principal, idempotencyKey: key } };
}

/** Whether something was not saved because something else has a value that has to be unique. */
export function isNotUnique(error: unknown): boolean {
  // https://www.prisma.io/docs/orm/reference/error-reference#p2002
  return error instanceof Error && "code" in error && error.code === "P2002";
}
