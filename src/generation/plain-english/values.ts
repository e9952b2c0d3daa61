import type { Phrase, Slot } from "./grammar/phrase.js";
import { placeBehind } from "./relations.js";

/** A value as a description tells of it. */
export interface DescribedValue {
  /** As it is typed; for one that is told of but not told, the place of a variable: `${valid_password}`. */
  text: string;
  /** The variable that a person has to give; `undefined` where the value is told. */
  asks: string | undefined;
  words: string;
  isQuoted: boolean;
  /** The value is an example of what the sentence asks for: "a name (e.g., Ada)". */
  isExample: boolean;
  /** Plain words among which are some that may be no part of the value: a label, a remark, a place, a manner. */
  isDoubtful?: true;
}

/** Words with which a value is described and not told. */
const DESCRIBING =
  /^(?:an?|any|some|the|your|my|his|her|its|their|our|same|another|valid|invalid|correct|incorrect|wrong|right|random|new|different|existing|non-existing|nonexistent|non-existent|unique|registered|unregistered|required|all|each|more|too|less|only|no|empty|blank|mandatory|appropriate|suitable|desired|matching|mismatching|mismatched|other|previous|above|unknown|necessary|optional|details|dummy|sample|test)$/;
/** Nouns for several values at once. */
const NOUNS =
  /^(?:credentials?|details|data|information|info|values?|characters?|spaces|fields?|something|anything|nothing|digits|letters|numbers|symbols)$/;
/** Names of data without an article: "username and password". */
const DATA =
  /^(?:user ?names?|e-?mails?(?: address)?|passwords?|first ?name|last ?name|full name|address|phone(?: number)?|zip(?: code)?|postal code|credit card(?: number)?|date of birth|birthday)$/;
const ARTICLE = /^(?:an?|any|some|the|your|my|his|her|its|their|our|this|that)$/;

/** Everything that can be typed: what stands in quotation marks, plain words, an example, a description of data. */
export const VALUE: Slot<DescribedValue> = {
  name: "value",
  isGreedy: true,
  read(phrase) {
    return read(phrase);
  },
};

/** The same where the shortest reading is the likeliest: "set X to Y". */
export const SHORT_VALUE: Slot<DescribedValue> = { name: "value", isGreedy: false, read };

/** A value that is told: a quotation, or plain words that describe nothing. */
export const TOLD: Slot<string> = {
  name: "value",
  isGreedy: true,
  read(phrase) {
    const value = phrase.read(VALUE);
    return value === undefined || value.asks !== undefined || value.isDoubtful ? undefined : value.text;
  },
};

/** One quotation. */
export const QUOTE: Slot<string> = {
  name: '"text"',
  isGreedy: false,
  read(phrase) {
    return phrase.length === 1 && phrase.words[0]?.startsWith("\uFDD0")
      ? phrase.marking.value(phrase.text)
      : undefined;
  },
};

/** "(e.g., Ada)", "such as “Ada”": the example of a value. */
export const EXAMPLE: Slot<string> = {
  name: "(e.g., value)",
  isGreedy: false,
  read(phrase) {
    const { words } = phrase;
    const bracketed = words[0] === "(" && words.at(-1) === ")";
    const inner = bracketed ? phrase.part(1, phrase.length - 1) : betweenCommas(phrase);
    const start = leadOf(inner.words);
    if (start === 0 || inner.length <= start) return undefined;
    const value = plain(inner.part(start));
    return value === undefined || value.asks !== undefined ? undefined : value.text;
  },
};

function betweenCommas(phrase: Phrase): Phrase {
  const { words, length } = phrase;
  return phrase.part(words[0] === "," ? 1 : 0, words.at(-1) === "," ? length - 1 : length);
}

/** The number of words that announce an example. */
function leadOf(words: readonly string[]): number {
  const text = words.join(" ");
  const lead =
    /^(?:e\.g(?: \.)?(?: ,)?|eg(?: ,)?|i\.e(?: \.)?(?: ,)?|for example(?: ,)?|for instance(?: ,)?|example :?|such as(?: ,)?|like|say)(?: :)? /.exec(
      text,
    );
  return lead === null ? 0 : lead[0].trim().split(" ").length;
}

function read(phrase: Phrase): DescribedValue | undefined {
  for (let at = 1; at < phrase.length - 1; at += 1) {
    const example = phrase.part(at).read(EXAMPLE);
    if (example === undefined || !isDescription(phrase.part(0, at))) continue;
    return { text: example, asks: undefined, words: phrase.raw, isQuoted: true, isExample: true };
  }
  return plain(phrase);
}

function isDescription(phrase: Phrase): boolean {
  return phrase.words.every((word) => /^[\p{L}\p{N}'-]+$/u.test(word));
}

function plain(phrase: Phrase): DescribedValue | undefined {
  const { text, marking, raw } = phrase;
  if (text === "") return undefined;
  const told = { text: marking.value(text), asks: undefined, words: raw, isQuoted: false, isExample: false };
  if (phrase.length === 1 && text.startsWith("\uFDD0")) return { ...told, isQuoted: true };
  // `the value "x"`, `text 'x'`: the noun says what the quotation is.
  const quoted = introduced(phrase);
  if (quoted !== undefined) return { ...told, text: quoted, isQuoted: true };
  // Other words beside a quotation say more than the value.
  if (/[\uFDD0\uFDD2\uFDD5]/.test(text)) return undefined;
  const words = phrase.words;
  if (words.some((word) => CONDITION.test(word) || /^(?:e\.g|i\.e|eg)$/.test(word)) || words[0] === "(")
    return undefined;
  if (DAY.test(words.join(" ")) || isDescribed(phrase)) {
    const asks = variableOf(words);
    return { ...told, text: `\${${asks}}`, asks };
  }
  return saysMore(phrase) ? { ...told, isDoubtful: true } : told;
}

const MANNER = /^(?:slowly|quickly|fast|carefully|again|once|first|only|exactly|correctly)$/;
const UNIT =
  /^(?:%|per ?cent|ms|milliseconds|seconds?|minutes?|hours?|days?|weeks?|euros?|dollars?|pounds?|items?|pieces?|characters?)$/;

/** `Ada, City: Paris`, `Ada (required)`, `Ada slowly`, `50 percent`: quotation marks tell where the value ends. */
function saysMore(phrase: Phrase): boolean {
  const { words } = phrase;
  const last = words.at(-1) ?? "";
  if (words.some((word) => /^[:=]$/.test(word))) return true;
  if (words.length > 1 && MANNER.test(last)) return true;
  const [first = ""] = words;
  if (words.length === 2 && /^\d+(?:[.,]\d+)?$/.test(first) && UNIT.test(last)) return true;
  return (last === ")" && words.indexOf("(") > 0) || placeBehind(phrase) !== undefined;
}

/** Days that are others each time: "tomorrow", "next Monday". */
const DAY =
  /^(?:today|tomorrow|yesterday|now|(?:the )?current (?:date|time|day|month|year)|(?:the )?(?:day after tomorrow|next|last|this|coming|following) (?:\w+day|week|month|year|weekend))(?:'s date)?$/;

function isDescribed({ text, words }: Phrase): boolean {
  return (
    !/^\p{Lu}/u.test(text) &&
    (DESCRIBING.test(words[0] ?? "") || NOUNS.test(words.at(-1) ?? "") || DATA.test(words.join(" ")))
  );
}

function introduced(phrase: Phrase): string | undefined {
  const words = phrase.words;
  const last = words.at(-1) ?? "";
  if (words.length === 2 && /^(?:text|value)$/.test(last) && words[0]?.startsWith("\uFDD0") === true)
    return phrase.marking.value(phrase.part(0, 1).text);
  if (!last.startsWith("\uFDD0")) return undefined;
  const before = words.slice(0, -1).filter((word) => word !== ":");
  if (ARTICLE.test(before[0] ?? "")) before.shift();
  return /^(?:text|value|word|words|string|number|name|date|amount|phrase|following text|following|password|user ?name|e-?mail(?: address)?|code|title|message|comment|reason|keyword|search term|term|query)$/.test(
    before.join(" "),
  )
    ? phrase.marking.value(phrase.part(phrase.length - 1).text)
    : undefined;
}

/** The name of a variable for data that is described: "a valid password" is `valid_password`. */
export function variableOf(words: readonly string[]): string {
  const kept = words
    .filter((word) => !ARTICLE.test(word))
    .flatMap((word) => word.match(/[a-z0-9]+/g) ?? [])
    .slice(0, 5);
  const name = kept.join("_").slice(0, 60);
  return /^[a-z]/.test(name) ? name : `value_${name}`.replace(/_$/, "");
}

/** A number in digits or words. */
export const NUMBER: Slot<number> = {
  name: "number",
  isGreedy: false,
  read(phrase) {
    const word = phrase.words.join(" ");
    if (/^\d{1,6}(?:[.,]\d+)?$/.test(word)) return Number(word.replace(",", "."));
    return Object.hasOwn(NUMBERS, word) ? NUMBERS[word] : undefined;
  },
};

/** Numbers in words, such as people write them. */
export const NUMBERS: Record<string, number> = {
  ...{
    half: 0.5,
    half_a: 0.5,
    a: 1,
    an: 1,
    no: 0,
    zero: 0,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
  },
  ...{ seven: 7, eight: 8, nine: 9, ten: 10, fifteen: 15, twenty: 20, thirty: 30, sixty: 60 },
};

/** "twice", "3 times": how often something is done. */
export const TIMES: Slot<number> = {
  name: "times",
  isGreedy: false,
  read(phrase) {
    const words = phrase.words;
    if (words.length === 1) return { once: 1, twice: 2, thrice: 3 }[words[0] ?? ""];
    const number = words[1] === "times" && words.length === 2 ? phrase.part(0, 1).read(NUMBER) : undefined;
    return number !== undefined && Number.isInteger(number) && number > 0 && number <= MAX_TIMES
      ? number
      : undefined;
  },
};

/** Most times that one sentence repeats something. */
const MAX_TIMES = 50;

const PURPOSES =
  /^(?:open|close|reveal|show|see|view|display|save|submit|confirm|proceed|continue|go|log|sign|login|finish|complete|create|add|delete|remove|edit|update|apply|start|begin|access|navigate|return|search|send|register|cancel|dismiss|expand|collapse|toggle|sort|filter|select|enable|disable|exit|reset|clear|load|upload|download|visit|get|be|make|mark|trigger|focus|activate|place|reach|change|set|bring|switch|discard|commit|publish|use)$/;

/** "without filling in any field": nothing is done. */
const NOTHING_DONE =
  /^without (?:filling(?: in| out)?|entering|typing|selecting|choosing|changing|adding|providing|making|uploading)(?: (?:any|anything|an?|the|in|out|values?|fields?|data|mandatory|required|details|options?|changes?|information|text|input|files?|items?|else|of|form))*$/;

/** "to save the changes": why something is done. It is no part of what is done, and names nothing. */
export const PURPOSE: Slot<true> = {
  name: "to …",
  isGreedy: false,
  read(phrase) {
    let words = phrase.words;
    if (words[0] === ",") words = words.slice(1);
    if (NOTHING_DONE.test(words.join(" "))) return true;
    if (words[0] === "in" && words[1] === "order") words = words.slice(2);
    const isPurpose = words[0] === "to" && PURPOSES.test(words[1] ?? "") && words.length <= 12;
    return isPurpose && !/[\uFDD0-\uFDD5]/.test(phrase.text) && !words.some((word) => CONDITION.test(word))
      ? true
      : undefined;
  },
};

/** Words that bind what is done to a condition or a time, which no command does. */
export const CONDITION =
  /^(?:if|or|unless|until|till|only|when|whenever|while|except|otherwise|instead|without|twice|thrice|times)$/;

/** Any words at all: only for hints, which tell why a sentence was not understood. */
export const REST: Slot<string> = { name: "anything", isGreedy: false, read: (phrase) => phrase.raw };
