import type { Line } from "./lines.js";

/** "TC-01: Login", "Test case 2 – Reset the password": the title of a case among several. */
const CASE_TITLE =
  /^(?:test[ -]?case|tc|test|scenario)[\s_#-]*(?:[A-Z][A-Z\d]*[\s_-]+)*\d+(?:\.\d+)*(?:\s*[:.)–—-]+\s*(?<name>\S.*)|\s+(?<words>\S.*))?$/i;

/** The title of a case that a line is, or `undefined`. */
export function caseTitleOf({ kind, text, indent }: Line): string | undefined {
  if (kind !== "heading" && (kind !== "text" || indent > 0)) return undefined;
  const title = CASE_TITLE.exec(text);
  if (title === null) return undefined;
  // "Test 3 items" is a sentence; a heading, or a title with a colon, is none.
  const isTitle = kind === "heading" || title.groups?.["words"] === undefined;
  return isTitle ? text : undefined;
}

/** The line of a heading that says what belongs to it. */
export type HeadingKind = "case" | "step" | "group";

/**
 * The meaning of each heading: the title of a case where its own section has the labels of one, the only one of its level
 * at the beginning, or else the name of a step. One above further headings only groups them.
 */
export function headingKinds(lines: Line[]): Map<Line, HeadingKind> {
  const kinds = new Map<Line, HeadingKind>();
  const headings = lines.filter(({ kind }) => kind === "heading");
  const labelled = labelledHeadings(lines);
  const counts = new Map<number, number>();
  for (const { level } of headings) counts.set(level, (counts.get(level) ?? 0) + 1);
  for (const [at, heading] of headings.entries()) {
    const next = headings[at + 1];
    const isAlone = at === 0 && counts.get(heading.level) === 1 && isAtTop(lines, heading);
    if (caseTitleOf(heading) !== undefined || labelled.has(heading)) kinds.set(heading, "case");
    else if (isAlone && !/^step\b/i.test(heading.text))
      kinds.set(heading, headings.length === 1 || next !== undefined ? "case" : "step");
    else if (next !== undefined && next.level > heading.level && isEmpty(lines, heading, next))
      kinds.set(heading, "group");
    else kinds.set(heading, "step");
  }
  return kinds;
}

/** Headings whose own text, before the next heading, has the label of steps or of preconditions. */
function labelledHeadings(lines: Line[]): Set<Line> {
  const found = new Set<Line>();
  let heading: Line | undefined;
  for (const line of lines) {
    if (line.kind === "heading") heading = line;
    const part = line.label?.part;
    if (heading !== undefined && (part === "action" || part === "preconditions")) found.add(heading);
  }
  return found;
}

/** Nothing but labels stands above the heading. */
function isAtTop(lines: Line[], heading: Line): boolean {
  return lines
    .slice(0, lines.indexOf(heading))
    .every(({ kind, label }) => kind === "blank" || label !== undefined);
}

function isEmpty(lines: Line[], from: Line, to: Line): boolean {
  return lines.slice(lines.indexOf(from) + 1, lines.indexOf(to)).every(({ kind }) => kind === "blank");
}
