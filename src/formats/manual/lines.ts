import { unmarked } from "../items.js";
import { labelAlone, labelOf, type Part } from "../labels.js";

/** A label and the text after it: "Expected result: the page is shown". */
export interface Label {
  part: Part;
  /** As it stands in the document. */
  words: string;
  rest: string;
}

/** A line of a document for what it is by itself. */
export interface Line {
  kind: "blank" | "heading" | "item" | "row" | "text";
  line: number;
  /** Without marks of Markdown that only arrange it, such as those of lists and headings. */
  text: string;
  /** Columns before the text. */
  indent: number;
  /** Of a heading, from 1. */
  level: number;
  /** Of a list item. */
  number?: number | undefined;
  label?: Label | undefined;
}

const HEADING = /^(#{1,6})\s+(.+?)\s*#*$/;
/** A whole line in bold: for many authors a heading. */
const BOLD = /^(\*\*|__)(?=\S)((?:(?!\1).)+)\1$/;
/** Level of a heading that is a line in bold: below all others. */
const BOLD_LEVEL = 7;
const RULE = /^(?:-{3,}|\*{3,}|_{3,}|={3,}|~{3,})$/;
const FENCE = /^(?:```|~~~)\s*[\w-]*$/;
const QUOTATION = /^(\s*)(?:>\s?)+(?=\S)/;

/** Reads each line by itself. Rules, fences and the marks of quotations leave nothing. */
export function linesOf(source: string): Line[] {
  const texts = source.split("\n");
  const lines: Line[] = [];
  for (const [at, written] of texts.entries()) {
    const isInTable = lines.at(-1)?.kind === "row";
    lines.push(lineOf(at + 1, written.replace(QUOTATION, "$1"), { next: texts[at + 1] ?? "", isInTable }));
  }
  return lines;
}

function lineOf(
  number: number,
  content: string,
  { next, isInTable }: { next: string; isInTable: boolean },
): Line {
  // Several spaces stay, because they may stand in quotation marks.
  const text = content.replace(/\s/g, " ").trim();
  const line = { line: number, text, indent: indentOf(content), level: 0 };
  if (text === "" || FENCE.test(text) || RULE.test(text)) return { ...line, kind: "blank" };
  const hasBars = text.includes("|");
  if (hasBars && (isInTable || isDashes(next) || /^\|.+\|$/.test(text))) return { ...line, kind: "row" };
  const heading = headingOf(line, next);
  if (heading !== undefined) return heading;
  const item = unmarked(text);
  const told = item?.text ?? text;
  const label = labelOf(told) ?? labelAlone(told);
  if (item === undefined) return { ...line, kind: "text", label };
  return { ...line, kind: "item", text: told, number: item.number, label };
}

function headingOf(line: Omit<Line, "kind">, next: string): Line | undefined {
  const { text, indent } = line;
  const [, marks, words] = HEADING.exec(text) ?? [];
  const bold = indent === 0 ? BOLD.exec(text)?.[2] : undefined;
  const underlined = /^={3,}$/.test(next.trim()) ? text : undefined;
  const told = words?.replace(BOLD, "$2") ?? underlined ?? bold;
  if (told === undefined) return undefined;
  const label = labelOf(told) ?? labelAlone(told) ?? labelOf(`${told}:`);
  // "**Steps**" and "## Expected result" label what follows, and name no step.
  if (label !== undefined) return { ...line, kind: "text", text: told, indent: 0, label };
  return {
    ...line,
    kind: "heading",
    text: told,
    level: marks?.length ?? (underlined === undefined ? BOLD_LEVEL : 1),
  };
}

/** The line of a Markdown table between its headings and its rows. */
export function isDashes(text: string): boolean {
  return text.includes("|") && text.includes("-") && /^[\s|:-]+$/.test(text);
}

function indentOf(text: string): number {
  return /^\s*/.exec(text.replaceAll("\t", "    "))?.[0].length ?? 0;
}
