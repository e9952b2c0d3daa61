import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { locationOf } from "../../../../src/db/postgres/location.js";
import { connectionTo } from "../../../../src/db/postgres/pool.js";
import { demandedEnums, demandedTables, type Tables } from "../../../support/prisma-schema.js";
import { scratchDatabase } from "../../../support/scratch-database.js";

// The embedded database's migrations are compared with the same schema, so that both describe one model.

const schema = await readFile(new URL("../../../../prisma/schema.prisma", import.meta.url), "utf8");

/** PostgreSQL's types, in SQLite's words. */
const TYPES: Record<string, string> = {
  int4: "INTEGER",
  float8: "REAL",
  text: "TEXT",
  timestamp: "DATETIME",
  json: "JSONB",
  bool: "BOOLEAN",
};

const COLUMNS = `
  SELECT c.relname AS table, a.attname AS column, t.typname AS type, t.typtype = 'e' AS is_enum, a.attnotnull AS required,
    pg_get_expr(d.adbin, d.adrelid) AS default, COALESCE(array_position(k.conkey, a.attnum), 0) AS key
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relname NOT LIKE '\\_prisma%'`;

const FOREIGN_KEYS = `
  SELECT k.conrelid::regclass::text AS table, a.attname AS from, k.confrelid::regclass::text AS target, b.attname AS to,
    CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'another' END AS action
  FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
  WHERE k.contype = 'f'`;

const INDEXES = `
  SELECT i.indrelid::regclass::text AS table, i.indisunique AS is_unique,
    array_agg(a.attname::text ORDER BY array_position(i.indkey::int[], a.attnum::int)) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
  WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary
  GROUP BY i.indexrelid, i.indrelid, i.indisunique`;

const ENUMS = `
  SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS values
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY t.typname`;

interface Column {
  table: string;
  column: string;
  type: string;
  is_enum: boolean;
  required: boolean;
  default: string | null;
  key: number;
}

/** The tables that a database has, but PostgreSQL cuts long names of indexes, so these get the names that they would have. */
async function present(url: string): Promise<{ tables: Tables; enums: Record<string, string[]> }> {
  return await connectionTo(locationOf(url), async (connection) => {
    const tables: Tables = {};
    for (const row of (await connection.query<Column>(COLUMNS)).rows) {
      const table = (tables[row.table] ??= { columns: {}, foreignKeys: [], indexes: [] });
      table.columns[row.column] = {
        type: row.is_enum ? "TEXT" : (TYPES[row.type] ?? row.type),
        required: row.required,
        default: row.default?.startsWith("nextval") ? null : (row.default?.replace(/::.*$/, "") ?? null),
        key: row.key,
      };
    }
    for (const key of (await connection.query<Record<string, string>>(FOREIGN_KEYS)).rows)
      tables[key["table"] ?? ""]?.foreignKeys.push(
        `${key["from"]} -> ${key["target"]}(${key["to"]}) on delete ${key["action"]}`,
      );
    const indexes = await connection.query<{ table: string; is_unique: boolean; columns: string[] }>(INDEXES);
    for (const { table, is_unique: isUnique, columns } of indexes.rows) {
      const name = [table, ...columns, isUnique ? "key" : "idx"].join("_");
      tables[table]?.indexes.push(`${name}(${columns.join()})`);
    }
    for (const table of Object.values(tables)) {
      table.foreignKeys.sort();
      table.indexes.sort();
    }
    const { rows } = await connection.query<{ name: string; values: string[] }>(ENUMS);
    return { tables, enums: Object.fromEntries(rows.map(({ name, values }) => [name, values])) };
  });
}

test("the migrations for PostgreSQL make exactly the tables and enums that the schema demands", async () => {
  const { url, remove } = await scratchDatabase();

  const { tables, enums } = await present(url);

  expect(tables).toEqual(demandedTables(schema));
  expect(enums).toEqual(demandedEnums(schema));
  await remove();
});

test("the schema for PostgreSQL has the models of the one for the embedded database", async () => {
  const own = await readFile(new URL("../../../../prisma/postgresql/schema.prisma", import.meta.url), "utf8");

  expect(demandedTables(own)).toEqual(demandedTables(schema));
  expect(demandedEnums(own)).toEqual(demandedEnums(schema));
});
