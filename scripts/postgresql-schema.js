/** The file that Prisma's client for PostgreSQL is made of, relative to the root. */
export const POSTGRESQL_SCHEMA = "prisma/postgresql/schema.prisma";

const HEADER = `// Made of prisma/schema.prisma by "npm run generate:client", so that each model stands once: change that file. A schema
// of Prisma has one provider, so PostgreSQL needs one of its own.
`;

/**
 * The same models for PostgreSQL. Two things are different: where the client goes, and that a column of JSON keeps its
 * text as it was written: \`jsonb\` would refuse U+0000, which pages show, and put the fields into another order.
 *
 * @param {string} schema the text of prisma/schema.prisma
 * @returns {string}
 */
export function postgresqlSchemaOf(schema) {
  const changed = [
    [/^(?:\/\/.*\n)+/, HEADER],
    [
      'output              = "../src/db/generated"',
      'output              = "../../src/db/postgres/generated"',
    ],
    ['provider = "sqlite"', 'provider = "postgresql"'],
    [/^( {2}\w+ +Json\b)/gm, "$1 @db.Json"],
  ].reduce((text, [from = "", to = ""]) => {
    const next = text.replace(from, String(to));
    if (next === text) throw new Error(`prisma/schema.prisma has no place for ${to}`);
    return next;
  }, schema);
  return changed;
}
