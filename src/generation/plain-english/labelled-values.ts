import type { DescribedElement } from "./elements.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { placeBehind } from "./relations.js";
import { isQuote } from "./spoken-names.js";
import { readTarget } from "./targets.js";
import { VALUE, type DescribedValue } from "./values.js";

/** A value behind the label of its field. */
interface LabelledValue {
  field: DescribedElement;
  value: DescribedValue;
}

/** The values of a list, or the ways to read it where there are several. */
export type LabelledValues =
  { kind: "values"; values: LabelledValue[] } | { kind: "ambiguous"; readings: string[] };

/** `Name: Ada, City: "Paris, France" and Zip = 75001`: two values or more, each behind the label of its field. */
export const LABELLED_VALUES: Slot<LabelledValues> = {
  name: "label: value, label: value",
  isGreedy: true,
  read(phrase) {
    const parts = partsOf(phrase);
    if (parts === undefined || parts.filter(isLabelled).length < 2) return undefined;
    const readings = readingsOf(parts);
    if (readings !== undefined) return { kind: "ambiguous", readings };
    const values: LabelledValue[] = [];
    for (const part of parts) {
      const one = isLabelled(part) ? labelledValue(part) : undefined;
      if (one === undefined) return undefined;
      values.push(one);
    }
    return { kind: "values", values };
  },
};

/** Words before such a list that say only that one follows: "the form with the following details:". */
export const LIST_LEAD: Slot<true> = {
  name: "the following",
  isGreedy: true,
  read: ({ words }) => (words.every((word) => LEADING.test(word)) ? true : undefined),
};
const LEADING =
  /^(?:the|these|this|following|form|fields?|details|data|values?|information|required|mandatory|with|as|follows|below|in|using|:)$/;

/** A value with the label before it, or words between two separators without one. */
interface Part {
  label: Phrase | undefined;
  value: Phrase;
}
type LabelledPart = Part & { label: Phrase };

function isLabelled(part: Part): part is LabelledPart {
  return part.label !== undefined;
}

const SEPARATOR = /^(?:[,;/&]|and)$/;
const SIGN = /^[:=]$/;

/** The parts between separators, the first of which has a label. */
function partsOf(phrase: Phrase): Part[] | undefined {
  const parts: Part[] = [];
  const { words } = phrase;
  for (let start = 0, at = 0; at <= words.length; at += 1) {
    if (at < words.length && !SEPARATOR.test(words[at] ?? "")) continue;
    if (at > start) {
      const part = partOf(phrase.part(start, at));
      if (part === undefined) return undefined;
      parts.push(part);
    }
    start = at + 1;
  }
  return parts[0] !== undefined && isLabelled(parts[0]) ? parts : undefined;
}

/** Longest label, in words. */
const MAX_LABEL_WORDS = 5;

function partOf(phrase: Phrase): Part | undefined {
  const sign = phrase.words.findIndex((word) => SIGN.test(word));
  if (sign === -1) return { label: undefined, value: phrase };
  const isWhole = sign > 0 && sign <= MAX_LABEL_WORDS && sign < phrase.length - 1;
  const value = phrase.part(sign + 1);
  // A second sign in one part leaves open which of the words before it are a label.
  if (!isWhole || value.words.some((word) => SIGN.test(word))) return undefined;
  return { label: phrase.part(0, sign), value };
}

function labelledValue({ label, value: words }: LabelledPart): LabelledValue | undefined {
  const value = words.read(VALUE);
  const named = readTarget(label.text, label.context);
  const isField = named?.kind === "field" || named?.kind === "list" || isQuote(label.words.at(-1) ?? "");
  const field = isField ? named : readTarget(`${label.text} field`, label.context);
  return value === undefined || field === undefined ? undefined : { field, value };
}

/** The ways to read a list that has words without a label, or that ends with a place. */
function readingsOf(parts: readonly Part[]): string[] | undefined {
  const at = parts.findIndex((part) => !isLabelled(part));
  const [before, part, after] = [parts[at - 1], parts[at], parts[at + 1]];
  if (before?.label !== undefined && part !== undefined) {
    const whole = `${before.label.raw}: “${joined(before.value, part.value)}”`;
    const apart = `${before.label.raw}: “${before.value.raw}”`;
    if (after?.label === undefined) return [whole, `${apart}, and “${part.value.raw}” as something else`];
    const longLabel = joined(part.value, after.label);
    return [
      `${whole}, ${after.label.raw}: “${after.value.raw}”`,
      `${apart}, ${longLabel}: “${after.value.raw}”`,
    ];
  }
  const last = parts.at(-1);
  const place = last && placeBehind(last.value);
  if (last?.label === undefined || place === undefined) return undefined;
  const rest = last.value.part(0, last.value.length - place.length);
  return [`${last.label.raw}: “${last.value.raw}”`, `${last.label.raw}: “${rest.raw}”, ${place.raw}`];
}

function joined(one: Phrase, other: Phrase): string {
  return one.part(0, other.to - one.from).raw;
}
