import type { PageJudgement, PageVerdict } from "./grounding.js";
import type { Judged } from "./scoring.js";
import type { DescriptionOutcome, JudgedDescription } from "./whole-descriptions.js";

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

/** The least that the sets as a whole must reach; CI fails below it. Shares in per cent. */
const FLOORS = {
  sentences: { understood: 92, right: 98, silent: 0 },
  pages: { right: 85, wrong: 2 },
  descriptions: { right: 70, falseGreens: 0 },
};

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
export function below(counts: Counts): string[] {
  const { complete, understood, right } = counts;
  const floors = FLOORS.sentences;
  return [
    ...faults([
      [percent(understood, complete) < floors.understood, `less than ${floors.understood} % understood`],
      [percent(right, understood) < floors.right, `less than ${floors.right} % of these right`],
    ]),
    ...silentIn(counts),
  ];
}

/** Of sentences that are hard to read, none may be read wrongly; it is enough to say so. */
export function silentIn({ silent }: Counts): string[] {
  const { silent: most } = FLOORS.sentences;
  return faults([[silent > most, `${silent} read wrongly without a word, where ${most} may be`]]);
}

function faults(rules: readonly (readonly [boolean, string])[]): string[] {
  return rules.flatMap(([isFault, line]) => (isFault ? [line] : []));
}

/** The elements that sentences find on open pages. */
export function pageReport(judged: readonly PageJudgement[]): Section {
  const count = (wanted: PageVerdict) => judged.filter(({ verdict }) => verdict === wanted).length;
  const { length: all } = judged;
  const { right, wrong } = FLOORS.pages;
  return {
    table: markdown([
      ["sentences on an open page", String(all)],
      ["- their element found rightly", share(count("right"), all)],
      ["- not understood, and said so", share(count("not understood"), all)],
      ["- another element", share(count("wrong"), all)],
    ]),
    listing: judged
      .filter(({ verdict }) => verdict !== "right")
      .map(({ label, verdict, came }) => `- ${verdict}: [${label.page}] ${label.sentence}\n    ${came}`),
    faults: faults([
      [percent(count("right"), all) < right, `less than ${right} % found rightly on open pages`],
      [percent(count("wrong"), all) > wrong, `more than ${wrong} % found wrongly on open pages`],
    ]),
  };
}

/** The tests that came of whole descriptions, on applications as they are and with a defect. */
export function descriptionReport(judged: readonly JudgedDescription[]): Section {
  const count = (wanted: DescriptionOutcome) => judged.filter(({ outcome }) => outcome === wanted).length;
  const { length: all } = judged;
  const { right, falseGreens } = FLOORS.descriptions;
  const applications = new Set(judged.map(({ application }) => application)).size;
  return {
    table: markdown([
      [`whole descriptions on ${applications} applications`, String(all)],
      ["- right tests: green, and not with a defect", share(count("right"), all)],
      ["- no test, and the case says what is missing", share(count("said"), all)],
      ["- no green, without a word", share(count("wrong"), all)],
      ["- **false greens**", share(count("false green"), all)],
    ]),
    listing: judged
      .filter(({ outcome }) => outcome !== "right")
      .map(({ application, label, outcome, came }) =>
        [`- ${outcome}: [${application}]`, ...label.description.trim().split("\n"), `=> ${came}`].join(
          "\n    ",
        ),
      ),
    faults: faults([
      [percent(count("right"), all) < right, `less than ${right} % of whole descriptions became right tests`],
      [count("false green") > falseGreens, `${count("false green")} false greens`],
    ]),
  };
}

/** A part of the report. */
export interface Section {
  table: string;
  /** Everything that is not right. */
  listing: string[];
  /** The figures that are worse than they may be. */
  faults: string[];
}

function markdown([first, ...rows]: readonly (readonly [string, string])[]): string {
  const line = (cells: readonly string[] = []) => `| ${cells.join(" | ")} |`;
  return [line(first), "|---|---:|", ...rows.map(line)].join("\n");
}
