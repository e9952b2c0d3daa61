/** One line of the result. */
export interface Row {
  what: string;
  measured: string;
  /** What the project wants, and whether it was reached; absent where the row only informs. */
  aim?: { text: string; reached: boolean };
}

/** A row with an upper limit as its aim. */
export function atMost(options: {
  what: string;
  value: number;
  limit: number;
  unit: string;
  digits: number;
  /** Follows the value. */
  note?: string;
}): Row {
  const { what, value, limit, unit, digits, note } = options;
  const measured = `${value.toFixed(digits)}${unit}${note === undefined ? "" : ` (${note})`}`;
  return { what, measured, aim: { text: `≤ ${limit}${unit}`, reached: value <= limit } };
}

/** The rows as text in aligned columns. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, aim }) => [
    what,
    measured,
    aim?.text ?? "–",
    aim === undefined ? "–" : aim.reached ? "yes" : "NO",
  ]);
  const lines = [["what", "measured", "aim", "ok?"], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const rule = widths.map((width) => "-".repeat(width));
  const [head = [], ...body] = lines;
  return [head, [...rule, "---"], ...body]
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .join("\n");
}
