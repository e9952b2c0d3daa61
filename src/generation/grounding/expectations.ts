import type { Command, Locator, Script } from "../../protocol/commands.js";
import type { SeenNode } from "../../runner/ports.js";
import { escaped } from "../plain-english/state-checks.js";
import { described } from "./described.js";
import { inFrame } from "./frames.js";
import { wordsOf } from "./likeness.js";
import { locatorsOf, targetOf } from "./locators.js";
import { unresolved, type Grounded } from "./page-sight.js";
import { expectOfPart } from "./part-expectations.js";
import { resolve } from "./resolve.js";
import type { SnapshotIndex } from "./snapshot-index.js";

/** Expected results that only a page can place: what a label says, how many there are, what comes first. */

export type Expectation = Grounded & { expected?: readonly string[] };

const QUOTED = String.raw`(?:"([^"]+)"|“([^”]+)”|'([^']+)')`;
const SAYING = new RegExp(
  String.raw`^(?:(?:verify|check|ensure|confirm|assert|expect)(?: that| if)? )?(?:the |my )?([\p{L}][\p{L}\d -]{1,40}?) (?:(?:should |must )?(?:be|show|display|read|say|equal|contain)|is|shows|displays|reads|says|equals|contains|is now|is updated to|changes to) (?:${QUOTED}|([$€£]?\d[\d.,]*(?: ?[%€$£])?))[.]?$`,
  "iu",
);
const COUNT = new RegExp(
  String.raw`^(?:(?:verify|check|ensure|confirm|assert|expect)(?: that| if)? )?(?:there (?:are|is|should be) |the (?:page|list|table) (?:shows|has|contains|displays) )?(?:exactly |only |just )?(\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten) ([\p{L}]+(?: [\p{L}]+)?)(?: (?:are|is|should be) (?:shown|displayed|visible|listed|present|left))?(?: (?:on|in) the (?:page|list|table))?[.]?$`,
  "iu",
);
const ORDER = new RegExp(
  String.raw`^(?:(?:verify|check|ensure|confirm|assert|expect)(?: that| if)? )?the (first|second|third|last) ([\p{L}]+(?: [\p{L}]+)?) (?:is|shows|should be|contains|reads) ${QUOTED}[.]?$`,
  "iu",
);

/** @returns nothing where the sentence is none of these */
export function expectOnPage(text: string, index: SnapshotIndex): Expectation | undefined {
  const sentence = text.trim();
  const order = ORDER.exec(sentence);
  if (order !== null) return comes(order, index);
  const count = COUNT.exec(sentence);
  if (count !== null) return counts(count, index);
  const saying = SAYING.exec(sentence);
  return (saying === null ? undefined : says(saying, index)) ?? expectOfPart(sentence, index);
}

function says(
  [, subject = "", ...values]: (string | undefined)[],
  index: SnapshotIndex,
): Expectation | undefined {
  const value = values.find((one) => one !== undefined);
  if (value === undefined) return undefined;
  const found = labelled(subject, index);
  if (found === undefined) return undefined;
  if (!("ref" in found)) return found;
  const command = valueCheck(found, value, index);
  if (command === undefined) return undefined;
  return done([command], found, index, `${subject} is ${JSON.stringify(value)}`);
}

function valueCheck(node: SeenNode, value: string, index: SnapshotIndex): Command | undefined {
  const locators = locatorsOf(node, index);
  if (node.options !== undefined) {
    const target = targetOf(locators);
    return target && { action: "verify_selected", ...target, label: value };
  }
  if (node.value !== undefined && node.kind === "control") {
    const target = targetOf(locators);
    return target && { action: "verify_value", ...target, expected_value: value };
  }
  // A text that is found by what it says today is another one once it says something else.
  const target = targetOf(locators.filter(isLasting));
  return target && { action: "verify_text", ...target, ...wholeNumber(value) };
}

function isLasting({ locator_type }: Locator): boolean {
  return /^(?:id|test_id|name|css)$/.test(locator_type);
}

/** "5" is not to be seen in "15". */
function wholeNumber(value: string): { expected_text: string; match?: "regex" } {
  if (!/^\d|\d$/.test(value)) return { expected_text: value };
  return { expected_text: `(^|[^\\d.,])${escaped(value)}($|[^\\d.,]|[.,]($|\\D))`, match: "regex" };
}

/** The only text, field or list that begins with the words for it, as "Total: $3.00" does. */
function labelled(subject: string, index: SnapshotIndex): SeenNode | Expectation | undefined {
  const words = wordsOf(subject);
  const begins = (text: string) => wordsOf(text).slice(0, words.length).join(" ") === words.join(" ");
  const texts = index.nodes.filter(
    (node) =>
      node.kind === "text" &&
      node.role !== "heading" &&
      begins(node.name) &&
      wordsOf(node.name).length > words.length,
  );
  const fields = index.nodes.filter(
    (node) => node.kind === "control" && node.value !== undefined && begins(node.name),
  );
  const all = [...fields, ...(fields.length > 0 ? [] : texts)];
  const [only] = all;
  if (all.length === 1) return only;
  if (all.length > 1) return unresolved({ words: subject }, { kind: "ambiguous", candidates: all }, index);
  const resolution = resolve(described(subject), index, "see");
  return resolution.kind === "found" &&
    resolution.node.kind === "control" &&
    resolution.node.value !== undefined
    ? resolution.node
    : undefined;
}

const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const PLACES: Record<string, number> = { first: 0, second: 1, third: 2, last: -1 };

function counts(
  [, amount = "", noun = ""]: (string | undefined)[],
  index: SnapshotIndex,
): Expectation | undefined {
  const number = NUMBERS.indexOf(amount.toLowerCase());
  const count = number === -1 ? Number(amount) : number;
  const group = groupOf(noun, index);
  if (group === undefined || !Number.isInteger(count)) return undefined;
  return done(
    [{ action: "verify_count", ...group.locator, expected_count: count }],
    group.first,
    index,
    `There are ${count} ${noun}`,
  );
}

function comes(
  [, place = "", noun = "", ...values]: (string | undefined)[],
  index: SnapshotIndex,
): Expectation | undefined {
  const value = values.find((one) => one !== undefined);
  const group = groupOf(noun, index);
  const nth = PLACES[place.toLowerCase()];
  if (group === undefined || value === undefined || nth === undefined) return undefined;
  return done(
    [{ action: "verify_text", ...group.locator, nth, expected_text: value }],
    group.first,
    index,
    `The ${place} ${noun} is ${JSON.stringify(value)}`,
  );
}

interface Group {
  locator: Locator;
  first: SeenNode;
}

const ANY_ENTRY = /^(?:rows?|items?|entries|entry|results?|records?|list items?)$/i;

/** Containers alike that a noun stands for: the only ones of the page's content, or those that it names. */
function groupOf(noun: string, index: SnapshotIndex): Group | undefined {
  const groups = new Map<string, SeenNode[]>();
  for (const node of index.nodes) {
    if (node.kind !== "container" || node.step === undefined || isAside(node, index) || isHeader(node, index))
      continue;
    const key = `${node.frame ?? ""} ${node.parent ?? ""} ${node.step}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  const several = [...groups.values()].filter((nodes) => nodes.length > 1);
  const named = several.filter(([first]) => first !== undefined && isNamed(first, noun, index));
  const chosen = named.length > 0 ? named : ANY_ENTRY.test(noun) ? several : [];
  const [first] = chosen[0] ?? [];
  if (first?.step === undefined || chosen.length !== 1) return undefined;
  const parent = index.parentOf(first);
  const within = parent?.locators[0];
  const step = first.step === "tr" ? "tr[td]" : first.step;
  return {
    first,
    locator: { locator_type: "xpath", locator_value: `.//${step}`, ...(within && { within }) },
  };
}

function isAside(node: SeenNode, index: SnapshotIndex): boolean {
  return [...index.around(node)].some(({ role }) =>
    /^(?:navigation|contentinfo|banner|menu|menubar|tablist)$/.test(role),
  );
}

function isHeader(node: SeenNode, index: SnapshotIndex): boolean {
  return node.role === "row" && index.inside(node).some(({ role }) => role === "columnheader");
}

/** By a class of theirs, or by the name, class or id of the list around them. */
function isNamed({ step = "", parent }: SeenNode, noun: string, index: SnapshotIndex): boolean {
  const wanted = wordsOf(noun).map(singular);
  const around = parent === undefined ? undefined : index.node(parent);
  const [, ownClass = ""] = /,' ([^' ]+) '\)\]$/.exec(step) ?? [];
  return [ownClass, around?.name ?? "", ...(around?.hints ?? []).map(({ text }) => text)].some((text) => {
    const words = new Set(wordsOf(text).map(singular));
    return wanted.every((word) => words.has(word));
  });
}

function singular(word: string): string {
  return word.replace(/(?<=\p{L}{2})s$/u, "");
}

function done(commands: Script, node: SeenNode, index: SnapshotIndex, expected: string): Expectation {
  return {
    kind: "commands",
    commands: inFrame(commands, node, index.snapshot),
    elements: [node],
    expected: [expected],
  };
}
