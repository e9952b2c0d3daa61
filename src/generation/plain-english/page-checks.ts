import type { Command, Match } from "../../protocol/commands.js";
import { DOES, IS } from "./being.js";
import { counted, countedAfterVerb } from "./counts.js";
import { DIALOG } from "./dialogs.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { QUOTED, type Marked, type Marking } from "./marking.js";
import { refusal, rule, type Check, type Meaning, type Rule } from "./meaning.js";
import { NAMED_PAGE, pageShown } from "./named-pages.js";
import { ORDER_CHECKS } from "./order-checks.js";
import { quoted } from "./seen.js";
import { COMPARES, escaped } from "./state-checks.js";
import { REST, VALUE } from "./values.js";

/** "the current URL", "the page's title", "the URL of the page", "the url hash". */
const named = (name: string, noun: RegExp): Slot<true> => ({
  name,
  isGreedy: true,
  read: ({ words }) => {
    const text = words.join(" ").replace(/^(?:the )?/, "");
    const [, before = "", of = ""] =
      /^((?:current |new |page(?:'s)? |browser(?:'s)? |window |tab |resulting |final )*)(?:.+?)( (?:of the|in the) (?:current )?(?:page|tab|browser|window|address bar))?$/.exec(
        text,
      ) ?? [];
    return noun.test(text.slice(before.length, text.length - of.length)) ? true : undefined;
  },
});
const ADDRESS_NOUN = named(
  "the URL",
  /^(?:url|address|address bar|link address|path|route|url path|hash|url hash)$/,
);
const TITLE_NOUN = named("the title", /^(?:title|document title|page title|tab title)$/);

/** "changes to", "has": the ways to compare that only addresses and titles have. */
const IS_NOW: Slot<true> = {
  name: "changes to",
  isGreedy: true,
  read: ({ words }) =>
    /^(?:(?:has |is )?(?:changed|changes?|updated?|updates) (?:to|with)|has|shows?|is now)$/.test(
      words.join(" "),
    )
      ? true
      : undefined,
};

type Comparison = "is" | "contains" | "starts" | "ends";
const SHOWN = /^(?:shown|displayed|visible|present|appears?)$/i;

const SOMEBODY: Slot<true> = {
  name: "the user",
  isGreedy: false,
  read: ({ words }) =>
    /^(?:i|we|you|it|they|(?:the |an? )?(?:\w+ )?(?:user|users|page|browser|app|application|customer|visitor|admin|administrator))$/.test(
      words.join(" "),
    )
      ? true
      : undefined,
};

/** "account/success page", "the page /cart", "the URL “/cart”": where somebody is taken. */
const PLACE_OF_URL: Slot<string> = {
  name: "path",
  isGreedy: false,
  read(phrase) {
    const words = phrase.words.filter((word) => !/^(?:the|an?|page|url|address|path|screen)$/.test(word));
    if (words.length !== 1) return undefined;
    const at = phrase.words.indexOf(words[0] ?? "");
    const text = phrase.marking.value(phrase.part(at, at + 1).text);
    return /^(?:https?:\/\/\S+|\S*\/\S*|[\w-]+\.(?:html?|php|aspx?|jsp)\S*)$/i.test(text) ? text : undefined;
  },
};

function title(value: string, comparison: Comparison, not: boolean): Check {
  const way = compared(comparison, value);
  return checking(
    { action: "verify_title", expected_title: way.text, ...matching(way.match), ...(not ? { not } : {}) },
    `The title ${verbOf(comparison, not)} ${quoted(value)}`,
  );
}

function addressHas(value: string, comparison: Comparison, not: boolean): Check {
  const way = compared(comparison, value);
  const match = way.match === "equals" ? "contains" : way.match;
  return checking(
    { action: "verify_url", expected_url: way.text, ...matching(match), ...(not ? { not } : {}) },
    `The address ${verbOf(comparison, not)} ${quoted(value)}`,
  );
}

function address(
  value: string,
  { comparison, not, clause }: { comparison: Comparison; not: boolean; clause: Phrase },
): Check {
  const url = wholeUrl(value, clause.context.baseUrl);
  if (url === undefined) return addressHas(value, comparison, not);
  return checking(
    { action: "verify_url", expected_url: url, match: "equals", ...(not ? { not } : {}) },
    `The address ${verbOf(comparison, not)} ${quoted(value)}`,
  );
}

/** A command need not name the way in which titles and addresses are compared by default. */
function matching(match: Match): { match?: Match } {
  return match === "contains" ? {} : { match };
}

function verbOf(comparison: Comparison, not: boolean): string {
  if (comparison === "contains") return not ? "does not contain" : "contains";
  if (comparison === "starts") return not ? "does not begin with" : "begins with";
  if (comparison === "ends") return not ? "does not end with" : "ends with";
  return not ? "is not" : "is";
}

function compared(comparison: Comparison, value: string): { match: Match; text: string } {
  if (comparison === "contains") return { match: "contains", text: value };
  if (comparison === "starts") return { match: "regex", text: `^${escaped(value)}` };
  if (comparison === "ends") return { match: "regex", text: `${escaped(value)}$` };
  return { match: "equals", text: value };
}

/** An address as browsers write it, with the slash after the host; nothing for half an address. */
function wholeUrl(value: string, baseUrl: string | undefined): string | undefined {
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return new URL(value).href;
  if (!value.startsWith("/") || baseUrl === undefined || !URL.canParse(value, baseUrl)) return undefined;
  return new URL(value, baseUrl).href;
}

const AUXILIARY = "(?: (?:should|must|will|shall|now|also|still|then|to))*";
const DIALOG_SAYS = new RegExp(
  `^${DIALOG}${AUXILIARY} (?:(?:with (?:the )?(?:text|message) |saying |that says )(${QUOTED})${AUXILIARY} (?:is |be )?(?:shown|displayed|appears?|open(?:ed)?|visible|opens|pops up)|(?:says?|reads?|shows?|contains?|asks?|has (?:the )?(?:text|message))(?: the (?:text|message))? (${QUOTED}|[^\uFDD0]+)|(?:is |be )?(?:shown|displayed|appears?|open(?:ed)?|opens|pops up))$`,
  "i",
);
/** An alert of the browser, and not what pages call one. */
const NATIVE = /\b(?:java ?script|browser|native|confirm|prompt)\b|\b(?:box|dialog|pop-?up|window)\b/i;
const DOWNLOADED = new RegExp(
  `^(?:the |an? )?(?:file )?(?:named |called )?(${QUOTED}|[\\w.*-]+\\.[a-z\\d]{1,8}|file|download)(?: file)?${AUXILIARY} (?:(?:is|are|be|was|has been|gets?) (?:downloaded|complete|completed|finished|done)|(?:completes?|finishes|finish|starts))(?: successfully)?$`,
  "i",
);

function dialogShown(clause: Marked, marking: Marking): Meaning | undefined {
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

function downloaded(clause: Marked, marking: Marking): Meaning | undefined {
  const file = DOWNLOADED.exec(clause)?.[1];
  if (file === undefined) return undefined;
  const isAny = /^(?:file|download)$/i.test(file);
  const name = marking.value(file);
  return checking(
    { action: "verify_download", ...(isAny ? {} : { expected_file_name: name }) },
    isAny ? "A file is downloaded" : `${name} is downloaded`,
  );
}

function checking(command: Command, expected: string): Check {
  return { kind: "check", commands: [command], expected: [expected] };
}

/** Reads a statement about the page as a whole: its title, address, dialogs, downloads, or a number of elements. */
export const PAGE_CHECKS: Rule[] = [
  rule(
    form`${TITLE_NOUN} ${DOES} ${COMPARES} [the] [text] [:] ${VALUE}`,
    (_title, { not }, comparison, value) =>
      value.asks === undefined ? title(value.text, comparison, not) : undefined,
  ),
  rule(form`${TITLE_NOUN} ${IS} [equal to] [:] ${VALUE}`, (_title, { not }, value) =>
    value.asks === undefined && !SHOWN.test(value.text) ? title(value.text, "is", not) : undefined,
  ),
  rule(
    form`${ADDRESS_NOUN} ${DOES} ${COMPARES} [the] [text|path|string] [:] ${VALUE}`,
    (_address, { not }, comparison, value) =>
      value.asks === undefined ? addressHas(value.text, comparison, not) : undefined,
  ),
  (clause) =>
    form`${ADDRESS_NOUN} ${IS} [equal to] [:] ${VALUE}`.match(clause, (_address, { not }, value) =>
      value.asks === undefined && !SHOWN.test(value.text)
        ? address(value.text, { comparison: "is", not, clause })
        : undefined,
    ),
  (clause) =>
    form`${ADDRESS_NOUN} ${DOES} ${IS_NOW} ${VALUE}`.match(clause, (_address, { not }, _way, value) =>
      value.asks === undefined ? address(value.text, { comparison: "is", not, clause }) : undefined,
    ),
  (clause) =>
    form`${maybe(SOMEBODY)} ${IS} (redirected|taken|sent|forwarded|brought|navigated|returned|directed) [back] to ${PLACE_OF_URL}`.match(
      clause,
      (_who, { not }, url) =>
        checking(
          { action: "verify_url", expected_url: url, ...(not ? { not } : {}) },
          `The address ${not ? "does not contain" : "contains"} ${quoted(url)}`,
        ),
    ),
  rule(
    form`${maybe(SOMEBODY)} ${IS} (redirected|taken|sent|forwarded|brought|navigated|returned|directed) [back] to ${NAMED_PAGE}`,
    (_who, { not }, name) => pageShown(name, not),
  ),
  rule(form`${maybe(SOMEBODY)} (should|must|will) [still|now] be (on|at) ${PLACE_OF_URL}`, (_who, url) =>
    checking({ action: "verify_url", expected_url: url }, `The address contains ${quoted(url)}`),
  ),
  rule(form`${maybe(SOMEBODY)} (should|must|will) [still|now] be (on|at) ${NAMED_PAGE}`, (_who, name) =>
    pageShown(name, false),
  ),
  rule(
    form`${maybe(SOMEBODY)} ${DOES} (land|lands|arrive|arrives) (on|at) ${NAMED_PAGE}`,
    (_who, { not }, name) => pageShown(name, not),
  ),
  rule(
    form`${NAMED_PAGE} ${DOES} (open|opens|load|loads|appear|appears|opened|loaded|is opened|is open|is loaded|be opened|be open|be loaded)`,
    (name, { not }) => pageShown(name, not),
  ),
  rule(
    form`${maybe(SOMEBODY)} ${IS} (redirected|taken|sent|forwarded|brought|navigated|returned|directed) [back] to ${REST}`,
    () => refusal('it names no address, such as "/dashboard"'),
  ),
  ({ text, marking }) => dialogShown(text, marking),
  ({ text, marking }) => downloaded(text, marking),
  (clause) => counted(clause),
  ...ORDER_CHECKS,
  rule(form`${ADDRESS_NOUN} ${REST}`, () =>
    refusal('it does not say what it is, such as: The URL contains "/cart"'),
  ),
  rule(form`${TITLE_NOUN} ${IS} ${REST}`, (_title, _is, rest) =>
    SHOWN.test(rest) ? undefined : refusal('it does not say what it is, such as: The title is "Welcome"'),
  ),
];

/** Forms that are a check only after a verb for it: "I am on the Users page" alone may ask to go there. */
export const CHECKED_ONLY: Rule[] = [
  rule(form`${maybe(SOMEBODY)} ${IS} [now|still] (on|at) ${NAMED_PAGE}`, (_who, { not }, name) =>
    pageShown(name, not),
  ),
  countedAfterVerb,
];
