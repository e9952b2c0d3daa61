import { PrismaClientKnownRequestError } from "@prisma/client/runtime/client";

// Prisma's own codes, the same for every database: https://www.prisma.io/docs/orm/reference/error-reference

/** Tells if a write was refused because another row has a value that has to be unique. */
export function isUnique(error: unknown): boolean {
  return codeOf(error) === "P2002";
}

/** Tells if a row that was to be changed does not exist. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === "P2025";
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Prisma gives a breach of the tables' rules a code of its own, unless the statement was written out. */
export function asPrismaSaysIt(error: unknown): unknown {
  if (!(error instanceof PrismaClientKnownRequestError)) return error;
  const { clientVersion, meta } = error;
  const adapterError = meta?.["driverAdapterError"] as { cause?: { kind?: string } } | undefined;
  if (adapterError?.cause?.kind !== "UniqueConstraintViolation") return error;
  const message = "Unique constraint failed on the fields: (`run_id`,`seq`)";
  return new PrismaClientKnownRequestError(message, { code: "P2002", clientVersion, ...(meta && { meta }) });
}
