import type { GeneratedStep } from "../../src/generation/ports.js";
import { deedsOf, type Deed } from "./deeds.js";
import type { LabelledDeed, LabelledSentence } from "./labels.js";

/**
 * `right`: everything that the sentence says, and nothing else. `said`: a part is not understood or asks for data, and the
 * author is told. `wrong`: carried out otherwise than meant, or with a part lost, without a word.
 */
export type Outcome = "right" | "said" | "wrong";

export interface Judged {
  label: LabelledSentence;
  outcome: Outcome;
  /** The reading, in words for people. */
  reading: string;
}

/** Judges how the steps of a sentence carry it out. */
export function judge(label: LabelledSentence, steps: GeneratedStep[]): Judged {
  const commands = steps.flatMap((step) => step.commands);
  const isSaid =
    commands.some(({ action }) => action === "not_understood") ||
    steps.some(({ warnings = [] }) => warnings.length > 0);
  if (isSaid) {
    const reasons = commands.map((command) =>
      command.action === "not_understood" ? `${command.text}: ${command.reason}` : command.action,
    );
    return { label, outcome: "said", reading: reasons.join(" | ") };
  }
  const deeds = deedsOf(commands);
  const { expect, alternatives = [] } = label;
  const isRight = expect !== null && [expect, ...alternatives].some((reading) => fits(reading, deeds));
  return { label, outcome: isRight ? "right" : "wrong", reading: deeds.map(toWords).join(" | ") };
}

function fits(expected: LabelledDeed[], deeds: Deed[]): boolean {
  const done = deeds.filter(({ action }) => action !== "note");
  return expected.length === done.length && done.every((deed, index) => fitsOne(expected[index], deed));
}

function fitsOne(expected: LabelledDeed | undefined, deed: Deed): boolean {
  if (expected === undefined) return false;
  const asText = hasAction(expected, deed);
  if (asText === undefined) return false;
  const isNamed = expected.target === undefined || isUntold(expected.target) || names(deed, expected.target);
  return isNamed && hasText(expected, deed, asText) && isPlaced(expected, deed);
}

/** Tells if the deed may stand for the expected one, and how its text is known: by its own text, or by its names. */
function hasAction({ action, text }: LabelledDeed, deed: Deed): "text" | "names" | undefined {
  if (action === deed.action) return action === "scroll" && text === undefined ? "names" : "text";
  if (action === "page") {
    if (deed.action === "title") return "names";
    return deed.action === "see_element" && deed.isTitle === true ? "names" : undefined;
  }
  // An element that says the text is the text.
  if (action === "see" && deed.action === "see_element") return "names";
  return action === "not_see" && deed.action === "not_see_element" ? "names" : undefined;
}

function hasText({ text, action, target }: LabelledDeed, deed: Deed, by: "text" | "names"): boolean {
  if (action === "page") return names(deed, target ?? "") || deed.text === target;
  if (text === undefined || isUntold(text)) return true;
  if (by === "names") return names(deed, text);
  if (action === "url" || action === "drag") return plain(deed.text ?? "") === plain(text);
  return deed.text === text;
}

function isPlaced({ in: place, nth }: LabelledDeed, deed: Deed): boolean {
  if ((nth ?? 0) !== (deed.nth ?? 0)) return false;
  if (place === undefined) return deed.places.length === 0;
  if (isUntold(place)) return true;
  const isThere = deed.places.some((name) => plain(name) === plain(place) || mentions(name, place));
  // Where a part of the page has no name of its own, a locator that must be the only one loses nothing.
  return isThere || (deed.isStrict === true && /^\p{Ll}/u.test(place));
}

function names(deed: Deed, name: string): boolean {
  const wanted = plain(name);
  return deed.names.some((one) => plain(one) === wanted);
}

/** A selector that looks for a kind of part by the word for it. */
function mentions(selector: string, word: string): boolean {
  return /[[\]@]/.test(selector) && selector.toLowerCase().includes(word.toLowerCase().replaceAll(" ", ""));
}

function isUntold(text: string): boolean {
  return text.startsWith("(");
}

const KIND =
  / (?:button|link|icon|image|field|checkbox|tab|menu|section|panel|item|list|dropdown|switch|toggle|box|page|category|picture|sign|logo|header|buttons|checkboxes)$/;

/** A name without what people add to it or leave out: an article, the word for its kind, a star. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^(?:the|a|an) |^#/g, "")
    .replace(/[\s*:/]+$/, "")
    .replace(KIND, "")
    .trim();
}

function toWords({ action, names: known, text, places, nth }: Deed): string {
  const parts = [
    action,
    known[0],
    text === undefined ? undefined : `= ${text}`,
    places[0] === undefined ? undefined : `in ${places[0]}`,
    nth === undefined ? undefined : `nth ${nth}`,
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}
