/** A table, in SQLite's words for types. */
export interface Table {
  columns: Record<string, { type: string; required: boolean; default: string | null; key: number }>;
  foreignKeys: string[];
  indexes: string[];
}
export type Tables = Record<string, Table>;

const TYPES: Record<string, string> = {
  Int: "INTEGER",
  Float: "REAL",
  String: "TEXT",
  DateTime: "DATETIME",
  Json: "JSONB",
  Boolean: "BOOLEAN",
};

/** The tables that a schema demands, for the part of Prisma's language that the schema uses. */
export function demandedTables(schema: string): Tables {
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

/** The values of each enum of a schema, in their order. */
export function demandedEnums(schema: string): Record<string, string[]> {
  const enums = [...schema.matchAll(/^enum (\w+) \{\n(.*?)^\}/gms)];
  return Object.fromEntries(
    enums.map(([, name = "", body = ""]) => [name, body.split("\n").flatMap((line) => line.trim() || [])]),
  );
}
