import type { RowName } from "./options.js";
import type { ScaleRowName } from "./scale/options.js";

/** One line of the result. */
export interface Row {
  name: RowName | ScaleRowName;
  what: string;
  measured: string;
  /** The project's aim and its outcome; absent where the row only informs. */
  aim?: { text: string; reached: boolean };
}

export interface Measured {
  name: RowName | ScaleRowName;
  what: string;
  value: number;
  /** Follows the value at once, such as " ms". */
  unit: string;
  digits: number;
  /** Follows the value. */
  note?: string;
}

/** A row that only informs. */
export function informs({ name, what, value, unit, digits, note }: Measured): Row {
  const measured = `${value.toFixed(digits)}${unit}${note === undefined ? "" : ` (${note})`}`;
  return { name, what, measured };
}

/** A row with an upper limit as its aim. */
export function atMost(limit: number, measured: Measured): Row {
  const { value, unit } = measured;
  return { ...informs(measured), aim: { text: `≤ ${limit}${unit}`, reached: value <= limit } };
}

/** A row with a lower limit as its aim. */
export function atLeast(limit: number, measured: Measured): Row {
  const { value, unit } = measured;
  return { ...informs(measured), aim: { text: `≥ ${limit}${unit}`, reached: value >= limit } };
}

/** The rows as text in aligned columns. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, what, measured, aim }) => [
    name,
    what,
    measured,
    aim?.text ?? "–",
    aim === undefined ? "–" : aim.reached ? "yes" : "NO",
  ]);
  const lines = [["row", "what", "measured", "aim", "ok?"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const rule = widths.map((width) => "-".repeat(width));
  const [head = [], ...body] = lines;
  return [head, [...rule, "---"], ...body]
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .join("\n");
}
