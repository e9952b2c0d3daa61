import { IDEMPOTENCY_HOURS } from "../protocol/limits.js";

/** Whether the key of what was saved then still counts. */
export function isRemembered(savedAt: Date): boolean {
  return Date.now() - savedAt.getTime() < IDEMPOTENCY_HOURS * 3_600_000;
}

/** Whether something was not saved because something else has a value that has to be unique. */
export function isNotUnique(error: unknown): boolean {
  // https://www.prisma.io/docs/orm/reference/error-reference#p2002
  return error instanceof Error && "code" in error && error.code === "P2002";
}
