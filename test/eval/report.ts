import type { Judged } from "./scoring.js";

/** The figures of a set of sentences. */
export interface Counts {
  /** Sentences that say everything, of which a command can be made. */
  complete: number;
  understood: number;
  right: number;
  /** Sentences that need a value, the page or the application. */
  incomplete: number;
  /** Those that are asked about or refused, and those that come out right all the same. */
  handled: number;
  /** Sentences that no command says. */
  impossible: number;
  refused: number;
  /** Readings that lose a part or guess one, without a word. */
  silent: number;
}

/** The least that the set as a whole must reach; CI fails below it. */
const FLOORS = { understood: 92, right: 98, silent: 6 };

export function countsOf(judged: Judged[]): Counts {
  const complete = judged.filter(({ label }) => label.needs === "none" && label.expect !== null);
  const incomplete = judged.filter(({ label }) => label.needs !== "none");
  const impossible = judged.filter(({ label }) => label.needs === "none" && label.expect === null);
  const are = (some: Judged[], ...outcomes: string[]): number =>
    some.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    complete: complete.length,
    understood: are(complete, "right", "wrong"),
    right: are(complete, "right"),
    incomplete: incomplete.length,
    handled: are(incomplete, "said", "right"),
    impossible: impossible.length,
    refused: are(impossible, "said"),
    silent: are(judged, "wrong"),
  };
}

/** The figures side by side, as a Markdown table. */
export function table(sets: Record<string, Counts>): string {
  const rows: [string, (counts: Counts) => string][] = [
    ["sentences that say everything", ({ complete }) => String(complete)],
    ["- understood", ({ understood, complete }) => share(understood, complete)],
    ["- of these right", ({ right, understood }) => share(right, understood)],
    ["sentences that need data, the page or the application", ({ incomplete }) => String(incomplete)],
    ["- asked about, refused or right", ({ handled, incomplete }) => share(handled, incomplete)],
    ["sentences that no command says", ({ impossible }) => String(impossible)],
    ["- refused", ({ refused, impossible }) => share(refused, impossible)],
    ["read wrongly, or with a part lost, without a word", ({ silent }) => String(silent)],
  ];
  const names = Object.keys(sets);
  return [
    `| | ${names.join(" | ")} |`,
    `|---|${names.map(() => "---:|").join("")}`,
    ...rows.map(([title, cell]) => `| ${title} | ${Object.values(sets).map(cell).join(" | ")} |`),
  ].join("\n");
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${percent(part, whole).toFixed(1)} % (${part})`;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : (100 * part) / whole;
}

/** Every sentence that is read wrongly, and every one that says everything and is not understood. */
export function listing(judged: Judged[]): string {
  const wrong = judged.filter(({ outcome }) => outcome === "wrong");
  const unread = judged.filter(
    ({ label, outcome }) => outcome === "said" && label.needs === "none" && label.expect !== null,
  );
  const line = ({ label, reading }: Judged): string => `- ${label.sentence}\n    ${reading}`;
  return [
    `Read wrongly, or with a part lost (${wrong.length}):`,
    ...wrong.map(line),
    `\nNot understood, though they say everything (${unread.length}):`,
    ...unread.map(line),
    "",
  ].join("\n");
}

/** A line for each figure that is worse than it may be. */
export function below({ complete, understood, right, silent }: Counts): string[] {
  const lines: string[] = [];
  if (percent(understood, complete) < FLOORS.understood)
    lines.push(`less than ${FLOORS.understood} % understood`);
  if (percent(right, understood) < FLOORS.right) lines.push(`less than ${FLOORS.right} % of these right`);
  if (silent > FLOORS.silent) lines.push(`more than ${FLOORS.silent} read wrongly without a word`);
  return lines;
}
