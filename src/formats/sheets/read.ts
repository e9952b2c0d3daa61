import { CsvError, parse } from "csv-parse/sync";
import type { DescriptionFormat } from "../../protocol/messages.js";
import { invalidDocument } from "../invalid-document.js";
import type { IncomingDocument } from "../ports.js";
import { casesOf } from "./cases.js";
import { columnsOf, type Column, type Row } from "./columns.js";

const DELIMITERS: [string, DescriptionFormat][] = [
  ["\t", "tsv"],
  [",", "csv"],
  [";", "csv"],
];

interface Sheet {
  format: DescriptionFormat;
  delimiter: string;
  columns: Column[];
}

/** Tells the values of a spreadsheet by their first line: it holds the headings of a table of tests. */
export function detectSheet(source: string): boolean {
  return sheetOf(source) !== undefined || isPasted(source);
}

/** @throws AppError `invalid_description` with the line of a quotation mark that is not closed, or too many cases */
export function readSheet(source: string): IncomingDocument {
  const { format, delimiter, columns } = sheetOf(source) ?? pasted(source);
  const hasHeadings = sheetOf(source) !== undefined;
  const rows = parsed(source, delimiter).slice(hasHeadings ? 1 : 0);
  const cases = casesOf(rows, columns);
  const [first] = cases;
  if (first === undefined)
    throw invalidDocument("The table has headings and no rows. Add a row for each step.");
  if (!hasHeadings) first.warnings.push(WITHOUT_HEADINGS);
  return { format, cases };
}

const WITHOUT_HEADINGS =
  "The table has no headings: its first column was taken for what is done, its second for what is expected. Put " +
  "“Action” and “Expected result” above them to say so.";

function sheetOf(source: string): Sheet | undefined {
  for (const [delimiter, format] of DELIMITERS) {
    const head = firstLine(source);
    if (!head.includes(delimiter)) continue;
    // A heading may go over two lines, but a faulty one is a sentence.
    const [row] = attempt(head, delimiter);
    const columns = row && columnsOf(row);
    if (columns !== undefined) return { format, delimiter, columns };
  }
  return undefined;
}

function firstLine(source: string): string {
  return /^\s*?([^\s\n][^\n]*|\t[^\n]*\S[^\n]*)/m.exec(source)?.[1] ?? "";
}

/** Two columns of pasted cells: every row has one tab, outside quoted cells. */
function isPasted(source: string): boolean {
  if (!source.includes("\t")) return false;
  const rows = attempt(source, "\t");
  return (
    rows.length > 1 &&
    rows.every(({ cells }) => withoutNumber(cells).length === 2 && cells.at(0)?.trim() !== "")
  );
}

function withoutNumber(cells: string[]): string[] {
  return /^\d+[.)]?$/.test(cells[0]?.trim() ?? "") ? cells.slice(1) : cells;
}

function pasted(source: string): Sheet {
  const [row] = parsed(source, "\t");
  const isNumbered = row !== undefined && withoutNumber(row.cells).length < row.cells.length;
  const columns: Column[] = [
    ...(isNumbered ? [{ part: "number", heading: "Number" } as const] : []),
    { part: "action", heading: "first column" },
    { part: "expected", heading: "second column" },
  ];
  return { format: "tsv", delimiter: "\t", columns };
}

function attempt(source: string, delimiter: string): Row[] {
  try {
    return parsed(source, delimiter);
  } catch {
    return [];
  }
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

/** The rows of the source, with the lines in which they begin. */
export function parsed(source: string, delimiter: string): Row[] {
  let records: Parsed[];
  try {
    const options = {
      delimiter,
      info: true,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
    } as const;
    // With `info` each record comes with its place, which the types of the package do not know.
    records = parse(source, { ...options, relax_quotes: true }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalidDocument(
      `The table cannot be read: ${error.message}. Close every quotation mark of a cell, and double those inside it.`,
    );
  }
  return records.map(({ record, info }) => {
    const breaks = record.reduce((count, cell) => count + (cell.match(/\n/g)?.length ?? 0), 0);
    return { line: Math.max(1, info.lines - breaks), cells: record };
  });
}
