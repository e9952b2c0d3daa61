import { linesOf, type Line } from "./manual/lines.js";
import { tableOf } from "./manual/tables.js";
import type { PlacedText } from "./ports.js";

/** The lines of a single step, without the marks of lists; a table belongs to the line before it. */
export function stepLines(text: string): PlacedText[] {
  const lines = linesOf(text.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n"));
  const texts: PlacedText[] = [];
  let rows: Line[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (line.kind === "row" && last?.text.endsWith(":") === true) {
      rows.push(line);
      last.table = tableOf(rows).rows.map(({ cells }) => cells);
      continue;
    }
    rows = [];
    // A label alone, such as "Steps:", only announces what follows.
    const isTold = line.kind !== "blank" && line.text !== "" && line.label?.rest !== "";
    if (isTold) texts.push({ text: line.text, place: { line: line.line } });
  }
  return texts;
}
