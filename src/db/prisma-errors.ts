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
