import type { Script } from "../../protocol/commands.js";
import { LOCATOR_MARK, QUOTED, type Marked, type Marking } from "./marking.js";
import { commandOn, problem, refusal, type Check, type Problem } from "./meaning.js";
import { clickTarget, goneTarget } from "./finding.js";
import { BODY } from "./locators.js";
import { readTarget } from "./targets.js";
import { capitalised } from "./words.js";

export const NEGATIVE = /^(?:no|none|nothing|neither)\b|\b(?:not|never|no longer|cannot|nobody)\b|n[’']t\b/i;

/** The statement of a sentence about an element: it can be seen, or is only there. */
export type Presence = "visible" | "present";
const ABSENCE = "it does not say clearly what must not be there";

/** The words before or after a text that only say that it is one. */
const TEXT_NOUN =
  "text|message|words?|phrase|heading|title|label|error(?: message)?|warning|notification|alert|banner|confirmation|greeting";
export const TEXT_FIRST = new RegExp(
  `^(?:the |an? )?(?:[\\w-]+ ){0,2}?(?:${TEXT_NOUN})(?! (?:field|box|area|input)\\b)(?: (?:that |which )?(?:says|saying|reads|reading|states|stating|containing|contains|with the text|with|of|called))?:? (.+)$`,
  "i",
);
const TEXT_LAST = new RegExp(`^(?:the |an? )?(.+?) (?:${TEXT_NOUN})$`, "i");
const ALL_QUOTES = new RegExp(QUOTED, "g");
const ONE_QUOTE = new RegExp(`^(?:the |an? )?(${QUOTED})(?: (?:${TEXT_NOUN}))?$`, "i");
const ONE_LOCATOR = new RegExp(`^(?:the )?(?:element )?${LOCATOR_MARK}(?: [\\w ]{1,30})?$`, "i");
/** A noun that stands for a text, without the text: "an error message". */
const ONLY_NOUN = new RegExp(`^(?:${TEXT_NOUN})$`, "i");
/** A text without quotation marks that is introduced as one. */
const INTRODUCED = /\b(?:text|words?|phrase|says|saying|reads|reading|states|stating):? [^ ]/i;
const VAGUE = /^(?:it|this|that|everything|something|nothing|the .*|an? .*|no .*|all .*|any .*)$/;

/**
 * Something that is seen: quoted texts, a named element, or plain words. Plain words are taken as a text only
 * where they can hardly be a paraphrase: as a subject they must begin with a capital, and an article ("the
 * dashboard", "a list of products") makes them a description of something else.
 */
export function shown(
  words: Marked,
  marking: Marking,
  { isSubject, presence = "present" }: { isSubject: boolean; presence?: Presence },
): Check | Problem {
  const seen = words
    .replace(/ (?:on|in) the (?:page|screen)$/i, "")
    .replace(/[.!?]+$/, "")
    .trim();
  const parts = seen.split(/,? and |, /);
  if (parts.length > 1 && parts.every((part) => isPlain(part, marking))) {
    return together(parts.map((part) => shown(part, marking, { isSubject, presence })));
  }
  const quote = ONE_QUOTE.exec(seen)?.[1];
  // A quoted locator is a locator only where the sentence means an element; here it may as well mean a text.
  if (quote !== undefined && (marking.locator(quote) === undefined || !isSubject))
    return texts([marking.value(quote)]);

  const text = TEXT_FIRST.exec(seen)?.[1];
  // "the text Secure Area" is a text although it ends like an element; "the error icon" is an element.
  if (text !== undefined && !/^\p{Ll}/u.test(text)) return introduced(text, marking);

  const target = readTarget(seen, marking);
  if (ONE_LOCATOR.test(seen) || quote !== undefined || (target.kind !== undefined && target.name !== "")) {
    const action = presence === "visible" ? "verify_visible" : "verify_element_present";
    const expected = [`${capitalised(target.words)} is ${presence}`];
    return { kind: "check", commands: [commandOn(action, clickTarget(target))], expected };
  }
  if (NEGATIVE.test(seen)) return refusal(ABSENCE);

  if (text !== undefined) return INTRODUCED.test(seen) ? introduced(text, marking) : problem(UNQUOTED);
  const name = TEXT_LAST.exec(seen)?.[1];
  if (name !== undefined) return /^\p{Lu}/u.test(name) ? texts([marking.raw(name)]) : problem(UNQUOTED);
  // A subject begins a sentence, so that "The dashboard" is no name because of its capital.
  if (VAGUE.test(isSubject ? seen.charAt(0).toLowerCase() + seen.slice(1) : seen)) return problem(UNQUOTED);
  return isSubject && !/^[\p{Lu}\d]/u.test(seen) ? problem() : texts([marking.raw(seen)]);
}

/**
 * Something that must not be seen. Plain words are never taken as a text here: the check of a paraphrase would
 * always pass.
 */
export function unseen(words: Marked, marking: Marking, presence: Presence): Check | Problem {
  const gone = words
    .replace(/^(?:an?y|no|the|an?) /i, "")
    .replace(/ (?:on|in) the (?:page|screen)$/i, "")
    .replace(/[.!?]+$/, "")
    .trim();
  const parts = gone.split(/,? (?:and|or|nor) |, /);
  if (parts.length > 1 && parts.every((part) => isPlain(part, marking))) {
    return together(parts.map((part) => unseen(part, marking, presence)));
  }
  if (NEGATIVE.test(gone)) return refusal(ABSENCE);
  const quote = ONE_QUOTE.exec(gone)?.[1];
  if (quote !== undefined && marking.locator(quote) === undefined)
    return withoutTexts([marking.value(quote)]);
  const text = TEXT_FIRST.exec(gone)?.[1];
  const quotes = text?.match(ALL_QUOTES);
  if (quotes) return withoutTexts(quotes.map((part) => marking.value(part)));
  const target = readTarget(gone, marking);
  const isNamed =
    ONE_LOCATOR.test(gone) || quote !== undefined || (target.kind !== undefined && target.name !== "");
  const found = isNamed ? goneTarget(target) : undefined;
  if (found === undefined) return refusal(UNNAMED);
  const action = presence === "visible" ? "verify_hidden" : "verify_element_absent";
  const expected = [`${capitalised(marking.raw(words))} is ${presence === "visible" ? "hidden" : "absent"}`];
  return { kind: "check", commands: [commandOn(action, found)], expected };
}

function withoutTexts(unexpected: string[]): Check | Problem {
  const check = texts(unexpected);
  if (check.kind === "problem") return check;
  return {
    kind: "check",
    commands: check.commands.map((command) => ({ ...command, not: true })),
    expected: unexpected.map((text) => `The page does not show ${quoted(text)}`),
  };
}

function introduced(text: Marked, marking: Marking): Check | Problem {
  if (ONLY_NOUN.test(text)) return problem(UNQUOTED);
  return texts((text.match(ALL_QUOTES) ?? [text]).map((part) => marking.value(part)));
}

/** A quotation or a named element: these can be told apart in "A and B are shown", plain words cannot. */
function isPlain(words: Marked, marking: Marking): boolean {
  if (ONE_QUOTE.test(words) || ONE_LOCATOR.test(words)) return true;
  const { kind, name } = readTarget(words, marking);
  return kind !== undefined && name !== "";
}

function together(checks: (Check | Problem)[]): Check | Problem {
  const failed = checks.find((check) => check.kind === "problem");
  if (failed !== undefined) return failed;
  const passed = checks.filter((check) => check.kind === "check");
  return {
    kind: "check",
    commands: passed.flatMap(({ commands }) => commands),
    expected: passed.flatMap(({ expected }) => expected),
  };
}

const UNNAMED =
  "put the exact text that must not be shown in quotation marks, or name a button, link or field";
const UNQUOTED = "put the exact text that is shown in quotation marks";

function texts(expected: string[]): Check | Problem {
  const present = expected.filter((text) => text.trim() !== "");
  const commands: Script = present.map((text) => ({
    action: "verify_text",
    ...BODY,
    expected_text: text,
  }));
  if (commands.length === 0) return problem("the text to look for is empty");
  return { kind: "check", commands, expected: present.map((text) => `The page shows ${quoted(text)}`) };
}

/** The text, in quotation marks where it could be misread without them. */
export function quoted(text: string): string {
  if (/^[\p{Lu}\d][\p{L}\p{N} ]*$/u.test(text)) return text;
  return text.includes('"') ? `“${text}”` : `"${text}"`;
}
