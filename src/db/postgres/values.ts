/** The largest number of a column of whole numbers; the first ids beyond it are of no row. */
const MOST = 2_147_483_647;

/** The text of the one character that PostgreSQL stores nowhere, and the one that stands for it. */
const NUL = "\u0000";
const REPLACEMENT = "\uFFFD";

/** A statement as Prisma gives it to its adapter. */
interface Statement {
  sql: string;
  args: unknown[];
  argTypes: { dbType?: string | null }[];
}

/**
 * A statement with values that PostgreSQL takes where the embedded database takes any: a page's text may hold U+0000,
 * and a request may ask for an id beyond every row's. Nothing is stored as another number: an insert keeps its own.
 */
export function withStorableValues<S extends Statement>(statement: S): S {
  const isInsert = /^\s*INSERT\b/i.test(statement.sql);
  const args = statement.args.map((value, index) => {
    if (typeof value === "string" && value.includes(NUL)) return value.replaceAll(NUL, REPLACEMENT);
    return statement.argTypes[index]?.dbType === "INTEGER" && !isInsert ? nearest(value) : value;
  });
  return { ...statement, args };
}

/** @param value a number, or one in text where it is large */
function nearest(value: unknown): unknown {
  const number = Number(value);
  return Math.abs(number) > MOST ? Math.sign(number) * MOST : value;
}
