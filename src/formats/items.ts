import type { PlacedText } from "./ports.js";

/** An item of a list, or all lines of a text without one. */
export interface Item {
  /** `undefined` for a bullet. */
  number?: number | undefined;
  lines: PlacedText[];
}

/** `-`, `1.`, `2)`, `1.2`, `a)`, `Step 3:`, `- [ ]`, with the number in a group. */
const MARKER =
  /^(?:(?:[-*•●▪◦–+]|\(?(?<number>\d{1,3})[.)]|\d{1,3}(?:\.\d{1,3})+[.)]?|\(?[a-z]\)|(?:test )?step ?#?(?<step>\d{1,3}) ?[:.)–-]?)(?: \[[ xX]?\])?(?: |$)|(?:test )?step ?#?(?<tight>\d{1,3}) ?[:.)–-])/i;

/** A line without the mark of a list item; `undefined` where it has none. */
export function unmarked(line: string): { text: string; number: number | undefined } | undefined {
  const match = MARKER.exec(line);
  if (match === null) return undefined;
  const { number, step, tight } = match.groups ?? {};
  const digits = number ?? step ?? tight;
  const text = line.slice(match[0].length).trim();
  // "1. Step 1: Open …" carries two.
  const inner = /^(?:test )?step ?#?\d{1,3} ?[:.)–-]? /i.exec(text);
  return {
    text: inner === null ? text : text.slice(inner[0].length).trim(),
    number: digits === undefined ? undefined : Number(digits),
  };
}

/** The items of a text such as a cell; one item without a number where it has no list. */
export function itemsOf(texts: PlacedText[]): Item[] {
  const items: Item[] = [];
  for (const { text, ...rest } of texts) {
    const lines = inSeparateLines(text.split("\n"));
    for (const line of lines) {
      const trimmed = line.trim();
      const item = unmarked(trimmed);
      const isNested = /^\s/.test(line) && items.length > 0;
      if (item !== undefined && !isNested) items.push({ number: item.number, lines: [] });
      if (items.length === 0) items.push({ lines: [] });
      const told = item?.text ?? trimmed;
      if (told !== "") items.at(-1)?.lines.push({ ...rest, text: told });
    }
  }
  return items.filter(({ lines }) => lines.length > 0);
}

/** "1. Open X 2. Click Y" in one line: split before each next number outside quotation marks. */
export function inSeparateLines(lines: string[]): string[] {
  const written = lines.filter((line) => line.trim() !== "");
  const [only = ""] = written;
  if (written.length !== 1 || unmarked(only.trim())?.number !== 1) return written;
  const parts: string[] = [];
  let rest = only.trim();
  for (let number = 2; ; number += 1) {
    const at = nextNumber(rest, number);
    if (at === undefined) break;
    parts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return [...parts, rest];
}

function nextNumber(text: string, number: number): number | undefined {
  for (const { index } of text.matchAll(new RegExp(String.raw`\s(?:step )?\(?${number}[.):]\s`, "gi"))) {
    const quotes = text.slice(0, index).split('"').length - 1;
    if (quotes % 2 === 0) return index;
  }
  return undefined;
}
