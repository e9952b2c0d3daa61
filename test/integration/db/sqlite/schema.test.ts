import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openConnection } from "../../../../src/db/sqlite/connection.js";
import { demandedTables, type Table, type Tables } from "../../../support/prisma-schema.js";
import { scratchDatabase } from "../../../support/scratch-database.js";

// Compares what prisma/schema.prisma demands with what the migrations make of an empty file.

/** The tables that a database has. */
async function present(file: string): Promise<Tables> {
  const connection = await openConnection(file);
  const rows = async (sql: string) => (await connection.execute(sql)).rows;
  const tables: Tables = {};
  for (const { name } of await rows(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_prisma%'`,
  )) {
    const columns = (await rows(`PRAGMA table_info("${name}")`)).map((column) => [
      column["name"],
      {
        type: column["type"],
        required: column["notnull"] === 1,
        default: column["dflt_value"],
        key: column["pk"],
      },
    ]);
    const foreignKeys = (await rows(`PRAGMA foreign_key_list("${name}")`)).map(
      (key) => `${key["from"]} -> ${key["table"]}(${key["to"]}) on delete ${key["on_delete"]}`,
    );
    const indexes: string[] = [];
    for (const index of await rows(`PRAGMA index_list("${name}")`)) {
      if (index["origin"] !== "c") continue;
      const parts = await rows(`PRAGMA index_info("${index["name"]}")`);
      indexes.push(`${index["name"]}(${parts.map((part) => part["name"]).join()})`);
    }
    tables[String(name)] = {
      columns: Object.fromEntries(columns) as Table["columns"],
      foreignKeys: foreignKeys.sort(),
      indexes: indexes.sort(),
    };
  }
  connection.close();
  return tables;
}

const schema = await readFile(new URL("../../../../prisma/schema.prisma", import.meta.url), "utf8");

test("the migrations make exactly the tables that the schema demands", async () => {
  const { url, remove } = await scratchDatabase();

  expect(await present(url.slice("file:".length))).toEqual(demandedTables(schema));

  await remove();
});

test.each([
  ["a column", /(\n {2}requirements .*\n)/, '$1  addedLater String? @map("added_later")\n'],
  ["a table", /$/, '\nmodel Later {\n  id Int @id @default(autoincrement())\n\n  @@map("later")\n}\n'],
  ["an index", /(\n {2}@@index\(\[runId\]\)\n)/, "$1  @@index([kind])\n"],
  ["a default", /(testCaseVersion +String\?)/, '$1 @default("1")'],
  ["a required column", /(generator +String)\?/, "$1"],
  ["another delete rule", /onDelete: SetNull/, "onDelete: Cascade"],
])("the comparison notices %s without a migration", async (_what, place, insertion) => {
  const changed = schema.replace(place, insertion);

  expect(changed).not.toBe(schema);
  expect(demandedTables(changed)).not.toEqual(demandedTables(schema));
});
