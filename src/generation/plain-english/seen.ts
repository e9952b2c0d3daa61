import type { Command, Locator, Match } from "../../protocol/commands.js";
import { dialogsOf, sectionsOf, type Containers } from "./containers.js";
import { clickTarget, goneTarget } from "./finding.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { BODY, toTarget } from "./locators.js";
import { NAMED_PAGE, pageShown } from "./named-pages.js";
import { commandOn, problem, refusal, type Check, type Problem } from "./meaning.js";
import { RELATION } from "./relations.js";
import { SEVERAL_ELEMENTS } from "./several.js";
import { TARGET } from "./targets.js";
import type { DescribedElement } from "./elements.js";
import { CONDITION } from "./values.js";
import { capitalised } from "./words.js";

/** The statement of a sentence about an element: it can be seen, or is only there. */
export type Presence = "visible" | "present";

/** Something that a sentence says is or is not to be seen. */
export type Seen =
  | { kind: "texts"; texts: string[]; within: Containers | undefined; isQuoted: boolean; words: string }
  | { kind: "element"; target: DescribedElement }
  | { kind: "several"; parts: Seen[] }
  /** A page with a name, which its heading or title says. */
  | { kind: "page"; name: string }
  /** Words that describe something without telling what it is exactly. */
  | { kind: "vague" }
  /** A text, and words for where it is that no locator says. */
  | { kind: "misplaced" };

/** The words before or after a text that only say that it is one. */
const TEXT_NOUN =
  /^(?:texts?|messages?|words?|phrase|headings?|title|subtitle|label|error|warning|notification|alert|banner|confirmation|greeting|toast|snackbar|headline|caption|header|string|content|notice|prompt|paragraph|tooltip)$/;
/** A page, or the like, is known by what it says. */
const PAGE_NOUN =
  /^(?:page|screen|view|form|dialog|dialogue|modal|window|pop-?up|section|panel|site|module)$/;
/** Words about a text that say what it is for. */
const TEXT_KIND =
  /^(?:error|success|successful|validation|warning|info|information|confirmation|welcome|following|new|exact|flash|alert|toast|status|page|notification|inline|field|system|pop-?up|product|default|empty|red|green|browser|main)$/;
const SAYING =
  /^(?:that|which|says?|saying|reads?|reading|states?|stating|contains?|containing|with|the|of|called|text|message|being|shows?|showing|is|as|title|titled|:|,|following|having)$/;
const ARTICLE = /^(?:the|an?|this|that|its|some|my|your|any)$/;

const MAX_SEEN_WORDS = 40;

/** A text, an element, or several: "the text “Hi”", "the Save button and the Cancel button". */
export const SEEN: Slot<Seen> = {
  name: "text or element",
  isGreedy: false,
  read(phrase) {
    let end = phrase.length;
    while (end > 1 && /^[!?.]$/.test(phrase.wordAt(phrase.from + end - 1))) end -= 1;
    const seen = phrase.part(0, end);
    if (seen.length === 0 || seen.length > MAX_SEEN_WORDS) return undefined;
    return several(seen) ?? one(seen);
  },
};

function several(phrase: Phrase): Seen | undefined {
  const elements = phrase.read(SEVERAL_ELEMENTS);
  if (elements !== undefined)
    return { kind: "several", parts: elements.map((target) => ({ kind: "element", target })) };
  const parts: Seen[] = [];
  let start = 0;
  const { words } = phrase;
  for (let at = 0; at <= words.length; at += 1) {
    if (at < words.length && !/^(?:and|,|nor)$/.test(words[at] ?? "")) continue;
    // A comma before "and".
    if (at === start && parts.length > 0) {
      start = at + 1;
      continue;
    }
    const part = one(phrase.part(start, at));
    if (part === undefined || !isPlain(part)) return undefined;
    parts.push(part);
    start = at + 1;
  }
  return parts.length > 1 ? { kind: "several", parts: ofOneKind(parts) } : undefined;
}

/** `"Name" and "Email" fields`: the kind is that of all. */
function ofOneKind(parts: Seen[]): Seen[] {
  const last = parts.at(-1);
  if (last?.kind !== "element" || !last.target.isQuoted || !last.target.kindWord.endsWith("s")) return parts;
  return parts.map((part) => {
    const [name] = part.kind === "texts" ? part.texts : [];
    if (name === undefined) return part;
    const words = `"${name}" ${last.target.kindWord.replace(/(?:(?<=x)es|s)$/, "")}`;
    return { kind: "element", target: { ...last.target, name, fullName: name, words } };
  });
}

/** A quotation or a named element: these can be told apart in "A and B are shown", plain words cannot. */
function isPlain(seen: Seen): boolean {
  if (seen.kind === "texts") return seen.isQuoted;
  return seen.kind === "element" && (seen.target.locator !== undefined || seen.target.kind !== undefined);
}

function one(phrase: Phrase): Seen | undefined {
  for (let at = 1; at < phrase.length; at += 1) {
    const relation = phrase.part(at).read(RELATION);
    const seen = relation && bare(phrase.part(0, at));
    if (!relation || !seen || seen.kind === "vague") continue;
    if (relation.isLoose === true && seen.kind !== "element") return { kind: "misplaced" };
    if (seen.kind === "element" && relation.isLoose === true)
      return { kind: "element", target: { ...seen.target, ...relation } };
    if (relation.within === undefined) return seen;
    if (seen.kind === "texts") return { ...seen, within: relation.within };
    if (seen.kind === "element")
      return { kind: "element", target: { ...seen.target, within: relation.within } };
  }
  return bare(phrase);
}

function bare(phrase: Phrase): Seen | undefined {
  if (isCounted(phrase.text)) return { kind: "vague" };
  const page = phrase.read(NAMED_PAGE);
  if (page !== undefined) return { kind: "page", name: page };
  return (
    quotedPart(phrase) ??
    quotedHeading(phrase) ??
    quotedText(phrase) ??
    introducedText(phrase) ??
    element(phrase) ??
    plainText(phrase)
  );
}

/** `"Saved"`, `the "Saved" message`, `"Kermit" "text"`. */
function quotedText(phrase: Phrase): Seen | undefined {
  const words = phrase.words;
  const at = words.findIndex(isQuote);
  if (at === -1) return undefined;
  const quote = phrase.part(at, at + 1);
  const [before, after] = [words.slice(0, at), words.slice(at + 1)];
  if (ARTICLE.test(before[0] ?? "")) before.shift();
  const isType =
    after.length === 1 &&
    isQuote(after[0] ?? "") &&
    phrase.marking.value(phrase.part(at + 1).text) === "text";
  if (before.length > 0 || !(isType || areTextNouns(after))) return undefined;
  return texts(phrase, [phrase.marking.value(quote.text)], true);
}

/** `the "Delete user" dialog`: the text alone may stand on the button that opens it. */
function quotedPart(phrase: Phrase): Seen | undefined {
  const [quote, noun = ""] = phrase.words.slice(ARTICLE.test(phrase.words[0] ?? "") ? 1 : 0);
  const titled = titledDialog(phrase);
  if (titled !== undefined) return titled;
  if (!isQuote(quote ?? "") || phrase.words.at(-1) !== noun) return undefined;
  const target = phrase.read(TARGET) ?? phrase.part(0, phrase.length - 1).read(TARGET);
  if (target === undefined || target.name === "") return undefined;
  const parts = DIALOG_NOUN.test(noun)
    ? dialogsOf(target.name).slice(0, 1)
    : SECTION_NOUN.test(noun)
      ? sectionsOf(target.name)
      : [];
  if (parts.length === 0) return undefined;
  const locator_value = parts.map((part) => part.locator_value).join(" | ");
  return {
    kind: "element",
    target: { ...target, locator: { locator_type: "xpath", locator_value }, words: phrase.raw },
  };
}

/** `a confirmation modal with the title "Delete user?"`. */
function titledDialog(phrase: Phrase): Seen | undefined {
  const quote = phrase.words.at(-1) ?? "";
  const before = phrase.words.slice(0, -1).join(" ");
  const isTitled =
    /^(?:the |an? )?(?:(?:confirmation|modal|warning|error|info|new) )?(?:dialog(?:ue)?|modal|pop-?up|dialog box)(?: window)? (?:with (?:the )?(?:title|text|message|heading)|titled|called|named|saying|that says|asking)$/.test(
      before,
    );
  if (!isTitled || !isQuote(quote)) return undefined;
  const name = phrase.marking.value(phrase.part(phrase.length - 1).text);
  const [locator] = dialogsOf(name);
  if (locator === undefined) return undefined;
  const target: DescribedElement = {
    ...{
      kind: undefined,
      kindWord: "dialog",
      name,
      fullName: name,
      isQuoted: true,
      locator,
      words: phrase.raw,
    },
    ...{ nth: undefined, within: undefined, isIndefinite: false },
  };
  return { kind: "element", target };
}

const DIALOG_NOUN = /^(?:dialog(?:ue)?|modal|pop-?up)$/;
const SECTION_NOUN = /^(?:section|form|panel|table|region|fieldset)$/;

/** `the "Welcome" heading`: the same text elsewhere on the page is another one. */
function quotedHeading(phrase: Phrase): Seen | undefined {
  const target = phrase.read(TARGET);
  return target?.kind === "heading" && target.isQuoted ? { kind: "element", target } : undefined;
}

function areTextNouns(words: string[]): boolean {
  if (words.length === 0) return true;
  if (words.length === 1 && PAGE_NOUN.test(words[0] ?? "")) return true;
  return TEXT_NOUN.test(words.at(-1) ?? "") && words.slice(0, -1).every((word) => TEXT_KIND.test(word));
}

function isQuote(word: string): boolean {
  return word.startsWith("\uFDD0");
}

/** "an error message saying “Bad password”", "the text Secure Area". */
function introducedText(phrase: Phrase): Seen | undefined {
  const words = phrase.words;
  let at = ARTICLE.test(words[0] ?? "") ? 1 : 0;
  while (TEXT_KIND.test(words[at] ?? "") && !(TEXT_NOUN.test(words[at] ?? "") && isEndOfNouns(words, at)))
    at += 1;
  if (!TEXT_NOUN.test(words[at] ?? "")) return undefined;
  at += 1;
  const from = at;
  while (at < words.length - 1 && SAYING.test(words[at] ?? "")) at += 1;
  const isSaid = /\b(?:text|words?|phrase|says?|saying|reads?|reading|states?|stating)\b/.test(
    words.slice(0, at).join(" "),
  );
  const rest = phrase.part(at);
  if (rest.length === 0) return undefined;
  const quotes = rest.words.filter((word) => !/^(?:and|,|nor|or)$/.test(word));
  if (quotes.every(isQuote)) {
    const values = quotes.map((quote) => phrase.marking.value(quote));
    return rest.words.includes("or") ? undefined : texts(phrase, values, true);
  }
  if (/[\uFDD0-\uFDD5]/.test(rest.text) || rest.words.some((word) => CONDITION.test(word))) return undefined;
  if (/^(?:field|box|area|input|icon|button|link|is|are|appears?)$/.test(rest.words[0] ?? ""))
    return undefined;
  const isText = /^[\p{Lu}\d]/u.test(rest.text) && (isSaid || at === from);
  return isText || (isSaid && !/^(?:an?|the)$/.test(rest.words[0] ?? ""))
    ? texts(phrase, [rest.raw], false)
    : undefined;
}

function isEndOfNouns(words: readonly string[], at: number): boolean {
  const next = words[at + 1] ?? "";
  return !TEXT_NOUN.test(next) || isQuote(next);
}

function element(phrase: Phrase): Seen | undefined {
  const target = phrase.read(TARGET);
  if (target === undefined || target.isIndefinite) {
    return target?.isIndefinite === true && target.kind !== undefined && /^\p{Lu}/u.test(target.name)
      ? { kind: "element", target }
      : undefined;
  }
  if (target.locator !== undefined) return { kind: "element", target };
  const isTextual = target.kind === "other" && /^(?:message|text|title|label)$/.test(target.kindWord);
  if (target.kind === undefined || target.name === "" || isTextual || target.name === target.kindWord)
    return undefined;
  if (target.kind === "other" && !target.isQuoted && !/^\p{Lu}/u.test(target.name)) return undefined;
  return { kind: "element", target };
}

const NEGATIVE = /^(?:no|none|nothing|neither|not|never|cannot|nobody)$|n't$/;

/** Words without quotation marks are a text where they can hardly be a description: they begin with a capital. */
function plainText(phrase: Phrase): Seen | undefined {
  const { words, text } = phrase;
  if (/[\uFDD0-\uFDD5]/.test(text)) return undefined;
  if (words.some((word) => CONDITION.test(word) || NEGATIVE.test(word) || /^[()]$/.test(word)))
    return undefined;
  // "Order Confirmation page with Order Number" is no text.
  if (words.some((word, at) => PAGE_NOUN.test(word) && words[at + 1] === "with")) return { kind: "vague" };
  const last = words.at(-1) ?? "";
  if (TEXT_NOUN.test(last) && words.length > 1) {
    const name = phrase.part(0, words.length - 1);
    return /^\p{Lu}/u.test(name.text) &&
      !ARTICLE.test(words[0] ?? "") &&
      !TEXT_NOUN.test(words[words.length - 2] ?? "")
      ? texts(phrase, [name.raw], false)
      : { kind: "vague" };
  }
  if (
    /^(?:it|this|that|everything|something|nothing|the|an?|no|all|any|you|he|she|they|we|i|user|users)$/.test(
      words[0] ?? "",
    ) &&
    !/^You\b/.test(text)
  )
    return { kind: "vague" };
  return texts(phrase, [phrase.raw], false);
}

/** "3 products", "At least one row", "Between 2 and 5 results": things that only a page can count. */
const COUNTED =
  /^(?:(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many|few|most|all|every|each|exactly \S+|at (?:least|most) \S+|(?:more|fewer|less) than \S+|no (?:more|fewer|less) than \S+|up to \S+|(?:about|around|approximately|nearly|almost|over|under) \d+|between \S+ and \S+) )/i;

function isCounted(text: string): boolean {
  const [amount] = COUNTED.exec(text) ?? [];
  // "Two Factor Authentication" is a name.
  return amount !== undefined && /^\p{Ll}/u.test(text.slice(amount.length));
}

function texts(phrase: Phrase, found: string[], isQuoted: boolean): Seen {
  return { kind: "texts", texts: found, within: undefined, isQuoted, words: phrase.raw };
}

const UNNAMED =
  "put the exact text that must not be shown in quotation marks, or name a button, link or field";
const MISPLACED =
  "where on the page a text stands is not checked: leave it out, or name a section, row or dialog";
export const UNQUOTED = "put the exact text that is shown in quotation marks";

/** A check that something is shown. Plain words are a text as a subject only where they begin with a capital. */
export function shown(
  seen: Seen,
  { isSubject, presence = "present" }: { isSubject: boolean; presence?: Presence },
): Check | Problem {
  switch (seen.kind) {
    case "several":
      return together(seen.parts.map((part) => shown(part, { isSubject, presence })));
    case "element": {
      const action = presence === "visible" ? "verify_visible" : "verify_element_present";
      return {
        kind: "check",
        commands: [commandOn(action, clickTarget(seen.target))],
        expected: [`${capitalised(seen.target.words)} is ${presence}`],
      };
    }
    case "texts":
      if (isSubject && !seen.isQuoted && !/^[\p{Lu}\d]/u.test(seen.texts[0] ?? "")) return problem();
      return textsIn(seen.texts, seen.within);
    case "page":
      return pageShown(seen.name, false);
    case "vague":
      return problem(UNQUOTED);
    case "misplaced":
      return problem(MISPLACED);
  }
}

/** A check that something is not shown. Plain words are no text here: the check of a description would always pass. */
export function unseen(seen: Seen, presence: Presence): Check | Problem {
  switch (seen.kind) {
    case "several":
      return together(seen.parts.map((part) => unseen(part, presence)));
    case "texts": {
      if (!seen.isQuoted) return problem(UNNAMED);
      const check = textsIn(seen.texts, seen.within);
      if (check.kind === "problem") return check;
      const where = seen.within === undefined ? "The page does not show" : "It does not show";
      return {
        kind: "check",
        commands: check.commands.map((command) => ({ ...command, not: true }) as Command),
        expected: seen.texts.map((text) => `${where} ${quoted(text)}`),
      };
    }
    case "element": {
      const found = goneTarget(seen.target);
      if (found === undefined) {
        const { isQuoted, name, within, words } = seen.target;
        if (!isQuoted || seen.target.kind === undefined) return refusal(UNNAMED);
        return unseen({ kind: "texts", texts: [name], within, isQuoted, words }, presence);
      }
      const action = presence === "visible" ? "verify_hidden" : "verify_element_absent";
      const words = capitalised(seen.target.words.replace(/^(?:any|no|the|an?) /i, (article) => article));
      return {
        kind: "check",
        commands: [commandOn(action, found)],
        expected: [`${words} is ${presence === "visible" ? "hidden" : "absent"}`],
      };
    }
    case "page":
      return pageShown(seen.name, true);
    case "vague":
      return problem(UNNAMED);
    case "misplaced":
      return problem(MISPLACED);
  }
}

export function together(checks: (Check | Problem)[]): Check | Problem {
  const failed = checks.find((check) => check.kind === "problem");
  if (failed !== undefined) return failed;
  const passed = checks.filter((check) => check.kind === "check");
  return {
    kind: "check",
    commands: passed.flatMap(({ commands }) => commands),
    expected: passed.flatMap(({ expected }) => expected),
  };
}

function textsIn(expected: string[], within: Containers | undefined): Check | Problem {
  const present = expected.filter((text) => text.trim() !== "");
  if (present.length === 0) return problem("the text to look for is empty");
  const where = within === undefined ? BODY : toTarget(within);
  return {
    kind: "check",
    commands: present.map((text) => ({ action: "verify_text", ...where, expected_text: text })),
    expected: present.map(
      (text) => `${within === undefined ? "The page shows" : "It shows"} ${quoted(text)}`,
    ),
  };
}

/** A check of the text of one element. */
export function textOf(
  target: DescribedElement | Locator,
  { text, match, not }: { text: string; match: Match; not: boolean },
): Command {
  const found = "words" in target ? clickTarget(target) : target;
  return {
    action: "verify_text",
    ...found,
    expected_text: text,
    ...(match === "contains" ? {} : { match }),
    ...(not ? { not } : {}),
  };
}

/** The text, in quotation marks where it could be misread without them. */
export function quoted(text: string): string {
  if (/^[\p{Lu}\d][\p{L}\p{N} ]*$/u.test(text)) return text;
  return text.includes('"') ? `“${text}”` : `"${text}"`;
}
