import type { Command, Locator, Match } from "../../protocol/commands.js";
import { DIALOG } from "./dialogs.js";
import { roleOf } from "./finding.js";
import { LOCATOR_MARK, QUOTED, type Marked } from "./marking.js";
import { problem, refusal, type Check, type Meaning, type ClauseContext } from "./meaning.js";
import { quoted } from "./seen.js";
import { kindOf } from "./targets.js";

const AUXILIARY = "(?: (?:should|must|will|shall|now|also|still|then|to))*";
const ADDRESS =
  "(?:current |new |page(?:['’]s)? |browser(?:['’]s)? |window |tab )*(?:url|address(?: bar)?)(?: of the (?:page|tab|browser|window))?";
const TITLE =
  "(?:current |new |page(?:['’]s)? |browser(?:['’]s)? |window |tab )*title(?: of the (?:page|tab|browser|window))?";
const COMPARES =
  "(is|be|equals?|=|reads?|contains?|includes?|has|shows?|starts? with|begins? with|ends? with|matches|match|(?:has )?(?:changed|changes?) to)";
const NAMED = new RegExp(
  `^(?:the )?(?:(${ADDRESS})|(${TITLE}))((?: (?:should|must|will|shall|does|do|now|also|still|is))*)( not|n[’']t| no longer)?(?: be)?(?: ${COMPARES})?(?: to)?:? (.+)$`,
  "i",
);
const UNNAMED = new RegExp(`^(?:the )?(?:${ADDRESS}|${TITLE})\\b`, "i");
const REDIRECTED = new RegExp(
  `^(?:(?:i|we|you|it|(?:the )?(?:\\w+ )?(?:user|page|browser|app|application))${AUXILIARY} )?(?:am|is|are|be|gets?)(?: then)? (?:redirected|taken|sent|forwarded|brought|navigated) to (.+)$`,
  "i",
);
const DIALOG_SAYS = new RegExp(
  `^${DIALOG}${AUXILIARY} (?:(?:with (?:the )?(?:text|message) |saying |that says )(${QUOTED})${AUXILIARY} (?:is |be )?(?:shown|displayed|appears?|open(?:ed)?|visible|opens|pops up)|(?:says?|reads?|shows?|contains?|asks?|has (?:the )?(?:text|message))(?: the (?:text|message))? (.+)|(?:is |be )?(?:shown|displayed|appears?|open(?:ed)?|opens|pops up))$`,
  "i",
);
/** An alert of the browser, and not what pages call one. */
const NATIVE = /\b(?:java ?script|browser|native|confirm|prompt)\b|\b(?:box|dialog|pop-?up|window)\b/i;
const DOWNLOADED = new RegExp(
  `^(?:the |an? )?(?:file )?(?:named |called )?(${QUOTED}|[\\w.*-]+\\.[a-z\\d]{1,8}|file|download)(?: file)?${AUXILIARY} (?:(?:is|are|be|was|has been|gets?) (?:downloaded|complete|completed|finished|done)|(?:completes?|finishes|finish|starts))(?: successfully)?$`,
  "i",
);
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const AMOUNT = `(exactly |at least |at most |no more than |no fewer than |no less than |more than |fewer than |less than |only )?(\\d{1,6}|${NUMBERS.slice(1).join("|")})`;
const COUNTED = new RegExp(
  `^(?:there${AUXILIARY} (?:is|are|be)|(?:the |this )?(?:\\w+ ){0,2}(?:page|table|list|screen|form|menu)${AUXILIARY} (?:has|have|contains?)) ${AMOUNT} (.+?)(?: (?:on|in) (?:the|this) (?:\\w+ ){0,2}(?:page|table|list|screen|form|menu))?$`,
  "i",
);
const NUMBER_OF = new RegExp(
  `^(?:the )?(?:number|count) of (.+?)${AUXILIARY} (?:is|be|equals?|=) ${AMOUNT}$`,
  "i",
);
const THING = new RegExp(
  `^(?:elements? )?(?:(${LOCATOR_MARK})(?: elements?)?|(?:(${QUOTED}) )?([a-z][a-z ]{1,20}))$`,
  "i",
);

/** Reads a statement about the page as a whole: its title, address, dialogs, downloads, or a number of elements. */
export function pageCheck(clause: Marked, context: ClauseContext): Meaning | undefined {
  return (
    titleOrAddress(clause, context) ??
    redirected(clause, context) ??
    dialogShown(clause, context) ??
    downloaded(clause, context) ??
    counted(clause, context)
  );
}

function titleOrAddress(clause: Marked, { marking, baseUrl }: ClauseContext): Meaning | undefined {
  const [, address, title, , not, comparison = "is", expected = ""] = NAMED.exec(clause) ?? [];
  if (address === undefined && title === undefined) {
    return UNNAMED.test(clause)
      ? refusal('it does not say what it is, such as: The title is "Welcome"')
      : undefined;
  }
  // A title that is written in the page is a text, as in "the title Dashboard is shown".
  if (title !== undefined && / (?:shown|displayed|visible|present|appears?)$/i.test(clause)) return undefined;
  const value = marking.value(expected);
  const way = compared(comparison, value);
  const negative = not === undefined ? {} : { not: true };
  const told = `${title === undefined ? "The address" : "The title"} ${verbOf(comparison, not !== undefined)} ${quoted(value)}`;
  if (title !== undefined) {
    return checking(
      { action: "verify_title", expected_title: way.text, ...matching(way.match), ...negative },
      told,
    );
  }
  const url = way.match === "equals" ? wholeUrl(value, baseUrl) : undefined;
  const command: Command = {
    action: "verify_url",
    expected_url: url ?? way.text,
    ...matching(url === undefined && way.match === "equals" ? "contains" : way.match),
    ...negative,
  };
  return checking(command, told);
}

/** A command need not name the way in which titles and addresses are compared by default. */
function matching(match: Match): { match?: Match } {
  return match === "contains" ? {} : { match };
}

function verbOf(comparison: string, not: boolean): string {
  if (/^(?:contain|include|has|show)/i.test(comparison)) return not ? "does not contain" : "contains";
  if (/^(?:start|begin)/i.test(comparison)) return not ? "does not begin with" : "begins with";
  if (/^end/i.test(comparison)) return not ? "does not end with" : "ends with";
  return not ? "is not" : "is";
}

function compared(comparison: string, value: string): { match: Match; text: string } {
  if (/^(?:contain|include|has|show)/i.test(comparison)) return { match: "contains", text: value };
  if (/^(?:start|begin)/i.test(comparison)) return { match: "regex", text: `^${escaped(value)}` };
  if (/^end/i.test(comparison)) return { match: "regex", text: `${escaped(value)}$` };
  return { match: "equals", text: value };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** An address as browsers write it, with the slash after the host; nothing for half an address. */
function wholeUrl(value: string, baseUrl: string | undefined): string | undefined {
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return new URL(value).href;
  if (!value.startsWith("/") || baseUrl === undefined || !URL.canParse(value, baseUrl)) return undefined;
  return new URL(value, baseUrl).href;
}

function redirected(clause: Marked, { marking }: ClauseContext): Meaning | undefined {
  const place = REDIRECTED.exec(clause)?.[1];
  if (place === undefined) return undefined;
  const url = marking.url(place) ?? /(?:^| )(\/[\w\-./?=&%~]*)(?= |$)/.exec(place)?.[1];
  if (url === undefined) return refusal('it names no address, such as "/dashboard"');
  return checking({ action: "verify_url", expected_url: url }, `The address contains ${quoted(url)}`);
}

function dialogShown(clause: Marked, { marking }: ClauseContext): Meaning | undefined {
  const match = DIALOG_SAYS.exec(clause);
  if (
    match === null ||
    !NATIVE.test(match[0].replace(/ (?:with|saying|that|says?|reads?|shows?|contains?).*$/i, ""))
  ) {
    return undefined;
  }
  const message = match[1] ?? match[2];
  if (message === undefined) return checking({ action: "verify_dialog" }, "A dialog is shown");
  const text = marking.value(message);
  return checking({ action: "verify_dialog", expected_message: text }, `A dialog shows ${quoted(text)}`);
}

function downloaded(clause: Marked, { marking }: ClauseContext): Meaning | undefined {
  const file = DOWNLOADED.exec(clause)?.[1];
  if (file === undefined) return undefined;
  const isAny = /^(?:file|download)$/i.test(file);
  const name = marking.value(file);
  return checking(
    { action: "verify_download", ...(isAny ? {} : { expected_file_name: name }) },
    isAny ? "A file is downloaded" : `${name} is downloaded`,
  );
}

function counted(clause: Marked, { marking }: ClauseContext): Meaning | undefined {
  const there = COUNTED.exec(clause);
  const number = NUMBER_OF.exec(clause);
  const [limit = "", amount, things] = there
    ? there.slice(1)
    : number
      ? [number[2], number[3], number[1]]
      : [];
  if (amount === undefined || things === undefined) return undefined;
  const [, locator, name, word = ""] = THING.exec(things.trim()) ?? [];
  const found = locator === undefined ? undefined : marking.locator(locator);
  const target = found ?? countable(word, name === undefined ? undefined : marking.value(name));
  if (target === undefined) {
    return number === null && !/ (?:has|have) /i.test(clause)
      ? undefined
      : problem("say how they are found, such as: There are 3 css=.product elements");
  }
  const { count, comparison } = counting(limit.trim().toLowerCase(), amount.toLowerCase());
  return checking(
    {
      action: "verify_count",
      ...target,
      expected_count: count,
      ...(comparison === "equal" ? {} : { comparison }),
    },
    `There are ${limit}${amount} ${marking.raw(things)}`,
  );
}

/** Elements that a page itself tells apart: "products" and "results" have no role. */
function countable(word: string, name: string | undefined): Locator | undefined {
  const kind = kindOf(word) ?? kindOf(word.replace(/(?:(?<=x)es|s)$/i, ""));
  const role = /^list items?$/i.test(word) ? "listitem" : kind && roleOf(kind);
  if (role === undefined) return undefined;
  const locator = { locator_type: "role" as const, locator_value: role };
  return name === undefined ? locator : { ...locator, locator_name: name };
}

function counting(
  limit: string,
  amount: string,
): { count: number; comparison: "equal" | "at_least" | "at_most" } {
  const count = /^\d/.test(amount) ? Number(amount) : NUMBERS.indexOf(amount);
  switch (limit) {
    case "at least":
    case "no fewer than":
    case "no less than":
      return { count, comparison: "at_least" };
    case "more than":
      return { count: count + 1, comparison: "at_least" };
    case "at most":
    case "no more than":
      return { count, comparison: "at_most" };
    case "fewer than":
    case "less than":
      return { count: Math.max(count - 1, 0), comparison: "at_most" };
    default:
      return { count, comparison: "equal" };
  }
}

function checking(command: Command, expected: string): Check {
  return { kind: "check", commands: [command], expected: [expected] };
}
