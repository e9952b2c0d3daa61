import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openConnection } from "../../../src/db/sqlite/connection.js";
import { scratchDatabase } from "../../support/scratch-database.js";

// Compares what prisma/schema.prisma demands with what the migrations make of an empty file.

interface Table {
  columns: Record<string, { type: string; required: boolean; default: string | null; key: number }>;
  foreignKeys: string[];
  indexes: string[];
}
type Tables = Record<string, Table>;

const TYPES: Record<string, string> = {
  Int: "INTEGER",
  Float: "REAL",
  String: "TEXT",
  DateTime: "DATETIME",
  Json: "JSONB",
  Boolean: "BOOLEAN",
};

/** The tables that a schema demands, for the part of Prisma's language that the schema uses. */
function demanded(schema: string): Tables {
  const blocks = [...schema.matchAll(/^(model|enum) (\w+) \{\n(.*?)^\}/gms)].map(([, kind, name, body]) => ({
    kind,
    name: name ?? "",
    lines: (body ?? "").split("\n").map((line) => line.trim()),
  }));
  const enums = new Set(blocks.filter(({ kind }) => kind === "enum").map(({ name }) => name));
  const models = blocks.filter(({ kind }) => kind === "model");
  const tableOf = new Map(
    models.map(({ name, lines }) => [
      name,
      mapped(lines.find((line) => line.startsWith("@@map")) ?? "", name),
    ]),
  );
  return Object.fromEntries(
    models.map(({ name, lines }) => {
      const table = tableOf.get(name) ?? name;
      const fields = lines.flatMap((line) => {
        const [, field, type, optional, rest] = /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line) ?? [];
        return field === undefined || type === undefined
          ? []
          : [
              {
                field,
                type,
                optional: optional === "?",
                rest: rest ?? "",
                column: mapped(rest ?? "", field),
              },
            ];
      });
      const columnsOf = (list: string) =>
        list
          .split(/,\s*/)
          .map((field) => fields.find((known) => known.field === field)?.column ?? `no ${field}`);
      const blockKey = lines.flatMap((line) => /^@@id\(\[(.*?)\]\)/.exec(line)?.[1] ?? []).flatMap(columnsOf);
      const columns = fields.flatMap(({ type, optional, rest, column }) => {
        const sqlType = TYPES[type] ?? (enums.has(type) ? "TEXT" : undefined);
        if (sqlType === undefined) return [];
        const key = /@id\b/.test(rest) ? 1 : blockKey.indexOf(column) + 1;
        return [[column, { type: sqlType, required: !optional, default: defaultOf(rest), key }] as const];
      });
      const foreignKeys = fields.flatMap(({ type, rest }) => {
        const [, from, to] = /@relation\(fields: \[(\w+)\], references: \[(\w+)\]/.exec(rest) ?? [];
        if (from === undefined) return [];
        const action = rest.includes("onDelete: SetNull") ? "SET NULL" : "CASCADE";
        return [`${columnsOf(from).join()} -> ${tableOf.get(type)}(${to}) on delete ${action}`];
      });
      const indexes = lines.flatMap((line) => {
        const [, kind, list = ""] = /^@@(index|unique)\(\[(.*?)\]\)/.exec(line) ?? [];
        const suffix = kind === "unique" ? "key" : "idx";
        return kind === undefined
          ? []
          : [`${[table, ...columnsOf(list), suffix].join("_")}(${columnsOf(list).join()})`];
      });
      return [
        table,
        { columns: Object.fromEntries(columns), foreignKeys: foreignKeys.sort(), indexes: indexes.sort() },
      ];
    }),
  );
}

function mapped(attributes: string, name: string): string {
  return /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? name;
}

function defaultOf(attributes: string): string | null {
  const value = /@default\(((?:"[^"]*"|[^()]|\(\))*)\)/.exec(attributes)?.[1];
  if (value === undefined || value === "autoincrement()") return null;
  if (value === "now()") return "CURRENT_TIMESTAMP";
  return /^(\d+|true|false)$/.test(value) ? value : `'${value.replaceAll('"', "")}'`;
}

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

const schema = await readFile(new URL("../../../prisma/schema.prisma", import.meta.url), "utf8");

test("the migrations make exactly the tables that the schema demands", async () => {
  const { file, remove } = await scratchDatabase();

  expect(await present(file)).toEqual(demanded(schema));

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
  expect(demanded(changed)).not.toEqual(demanded(schema));
});
