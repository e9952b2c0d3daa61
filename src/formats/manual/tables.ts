import { labelOf, partOf } from "../labels.js";
import type { TestData } from "../ports.js";
import { columnsOf, type Column, type Row } from "../sheets/columns.js";
import { isDashes, linesOf, type Line } from "./lines.js";

/** A table of a document: its rows with the line of dashes left out. */
export interface Table {
  rows: Row[];
  /** Of a table of tests: its first row names the parts of one. */
  columns: Column[] | undefined;
}

export function tableOf(lines: Line[]): Table {
  const rows = lines
    .filter(({ text }) => !isDashes(text))
    .map(({ line, text }): Row => ({ line, cells: cellsOf(text) }));
  const [head] = rows;
  return { rows, columns: head && columnsOf(head) };
}

/** The cells between bars; `\|` is a bar inside one, `<br>` a new line. */
function cellsOf(row: string): string[] {
  const inner = row.replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) =>
    cell
      .replaceAll("\\|", "|")
      .replace(/\s*<br ?\/?>\s*/gi, "\n")
      .trim(),
  );
}

/** "| Preconditions | … |", "| Steps | 1. … |": a case whose parts are rows, as the lines that say the same. */
export function labelledLines({ rows }: Table): Line[] | undefined {
  const labels = rows.map(({ cells }) => (cells.length >= 2 ? partOf(cells[0] ?? "") : undefined));
  if (labels.filter((part) => part !== undefined).length < 2 || !labels.includes("action")) return undefined;
  return rows.flatMap(({ line, cells: [name = "", ...values] }) => {
    const value = values.filter((cell) => cell !== "").join("\n");
    const isLabel = labelOf(`${name}: x`) !== undefined;
    return linesOf(`${isLabel ? "" : "Note: "}${name}: ${value}`).map((one) => ({ ...one, line }));
  });
}

/** A table of values: a column for each, or a row with its name and itself. */
export function valuesOf([head, ...rows]: Row[]): TestData[] {
  if (head === undefined) return [];
  const isByRow =
    head.cells.length === 2 &&
    /^(?:fields?|names?|data|parameters?|keys?|variables?)$/i.test(head.cells[0] ?? "");
  const named = rows.flatMap(({ line, cells }) =>
    isByRow
      ? [{ text: cells.slice(1).join(" "), label: cells[0], place: { line } }]
      : cells.map((text, at) => ({ text, label: head.cells[at], place: { line, cell: head.cells[at] } })),
  );
  return named.filter(({ text }) => text !== "");
}
