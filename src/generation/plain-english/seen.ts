import type { Script } from "../../protocol/commands.js";
import { LOCATOR_MARK, QUOTED, type Masked, type Masking } from "./masking.js";
import { problem, type Check, type Problem } from "./meaning.js";
import { at, BODY, clickLocator, readTarget } from "./targets.js";
import { capitalised } from "./words.js";

export const NEGATIVE = /^(?:no|none|nothing|neither)\b|\b(?:not|never|no longer|cannot|nobody)\b|n[’']t\b/i;
export const ABSENCE = "only what is present can be checked, not what is absent";

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
  words: Masked,
  masking: Masking,
  { isSubject }: { isSubject: boolean },
): Check | Problem {
  const seen = words
    .replace(/ (?:on|in) the (?:page|screen)$/i, "")
    .replace(/[.!?]+$/, "")
    .trim();
  const parts = seen.split(/,? and |, /);
  if (parts.length > 1 && parts.every((part) => isPlain(part, masking))) {
    return together(parts.map((part) => shown(part, masking, { isSubject })));
  }
  const quote = ONE_QUOTE.exec(seen)?.[1];
  // A locator in quotation marks is a locator where an element is meant, and here a text is meant as likely.
  if (quote !== undefined && (masking.locator(quote) === undefined || !isSubject))
    return texts([masking.value(quote)]);

  const text = TEXT_FIRST.exec(seen)?.[1];
  // "the text Secure Area" is a text although it ends like an element; "the error icon" is an element.
  if (text !== undefined && !/^\p{Ll}/u.test(text)) return introduced(text, masking);

  const target = readTarget(seen, masking);
  if (ONE_LOCATOR.test(seen) || quote !== undefined || (target.kind !== undefined && target.name !== "")) {
    const command = { action: "verify_element_present" as const, ...at(clickLocator(target)) };
    return { kind: "check", commands: [command], expected: [`${capitalised(target.words)} is present`] };
  }
  if (NEGATIVE.test(seen)) return problem(ABSENCE);

  if (text !== undefined) return INTRODUCED.test(seen) ? introduced(text, masking) : problem(UNQUOTED);
  const name = TEXT_LAST.exec(seen)?.[1];
  if (name !== undefined) return /^\p{Lu}/u.test(name) ? texts([masking.raw(name)]) : problem(UNQUOTED);
  // A subject begins a sentence, so that "The dashboard" is no name because of its capital.
  if (VAGUE.test(isSubject ? seen.charAt(0).toLowerCase() + seen.slice(1) : seen)) return problem(UNQUOTED);
  return isSubject && !/^[\p{Lu}\d]/u.test(seen) ? problem() : texts([masking.raw(seen)]);
}

function introduced(text: Masked, masking: Masking): Check | Problem {
  if (ONLY_NOUN.test(text)) return problem(UNQUOTED);
  return texts((text.match(ALL_QUOTES) ?? [text]).map((part) => masking.value(part)));
}

/** A quotation or a named element: these can be told apart in "A and B are shown", plain words cannot. */
function isPlain(words: Masked, masking: Masking): boolean {
  if (ONE_QUOTE.test(words) || ONE_LOCATOR.test(words)) return true;
  const { kind, name } = readTarget(words, masking);
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

const UNQUOTED = "put the exact text that is shown in quotation marks";

function texts(expected: string[]): Check | Problem {
  const present = expected.filter((text) => text.trim() !== "");
  const commands: Script = present.map((text) => ({
    action: "verify_text",
    ...at(BODY),
    expected_text: text,
  }));
  if (commands.length === 0) return problem("the text to look for is empty");
  return { kind: "check", commands, expected: present.map((text) => `The page shows ${quoted(text)}`) };
}

/** In quotation marks where the text could be misread without. */
export function quoted(text: string): string {
  if (/^[\p{Lu}\d][\p{L}\p{N} ]*$/u.test(text)) return text;
  return text.includes('"') ? `“${text}”` : `"${text}"`;
}
