import { columnOf, type Part } from "../labels.js";
import { isNothing } from "../nothing.js";
import type { PlacedText } from "../ports.js";

/** A row of a table with the line in which it begins. */
export interface Row {
  line: number;
  cells: string[];
}

export interface Column {
  /** `detail` for a column that is no part of a test: it is kept as text. */
  part: Part;
  heading: string;
}

/** Headings that name the steps where another column says what is done, and else say it themselves. */
const STEP = /^(?:test )?steps?$/i;
const DESCRIPTION = /^(?:description|details?|step details?)$/i;

/**
 * The columns of a table of tests by its first row, or `undefined` where it is none: two of the headings have to be
 * known, and one has to hold what is done.
 */
export function columnsOf({ cells }: Pick<Row, "cells">): Column[] | undefined {
  const columns = cells.map((cell) => ({ heading: cell.replace(/[*_`]/g, "").trim(), part: columnOf(cell) }));
  const has = (part: Part): boolean => columns.some((column) => column.part === part);
  if (columns.filter(({ part }) => part !== undefined).length < 2) return undefined;

  const doing = columns.filter(({ part, heading }) => part === "action" && !STEP.test(heading));
  const steps = columns.find(({ heading }) => STEP.test(heading));
  const isDescribed = doing.length === 0 && !has("name") && (has("expected") || has("number"));
  const described = isDescribed ? columns.find(({ heading }) => DESCRIPTION.test(heading)) : undefined;
  if (doing.length === 0 && described === undefined && steps === undefined) return undefined;

  const isNamed = doing.length > 0 || described !== undefined;
  return columns.map((column) => {
    const { heading, part = "detail" } = column;
    if (column === described) return { heading, part: "action" };
    if (column === steps && isNamed) return { heading, part: "heading" };
    // An id without the name of a case is the number of a step, such as in "ID | Action | Expected".
    if (/^(?:id|key)$/i.test(heading) && !has("name")) return { heading, part: "number" };
    return { heading, part };
  });
}

/** The cells of a row that hold a part, without those that say that there is nothing. */
export function cellsOf(row: Row, columns: Column[], part: Part): PlacedText[] {
  return columns.flatMap((column, at) => {
    const text = column.part === part ? (row.cells[at] ?? "").trim() : "";
    return isNothing(text) ? [] : [{ text, place: { line: row.line, cell: column.heading } }];
  });
}
