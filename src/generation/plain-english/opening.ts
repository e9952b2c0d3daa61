import { isPath, type Command } from "../../protocol/commands.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Slot } from "./grammar/phrase.js";
import { action, problem, rule, type Meaning, type Rule } from "./meaning.js";
import { literalXPath } from "./names.js";
import { clickOn } from "./targeted-commands.js";
import { TARGET } from "./targets.js";
import type { DescribedElement } from "./elements.js";
import { CONDITION, PURPOSE, REST } from "./values.js";

const HOST = /^(?:(?:[a-z\d-]+\.)+[a-z]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?(?:\/\S*)?$/i;
const FILE = /\.(?:html?|php|aspx?|jsp|pdf|txt|csv|png|jpe?g|js|json|xml|zip|exe)$/i;
/** An address that is known when the test runs: `${env.BASE_URL}/login`. */
const VARIABLE = /^(?:https?:\/\/\S*)?\$\{[\w.]+\}\S*$/i;

/** An address in full, as a host, as a path of the first address, or as a variable. */
export const ADDRESS: Slot<string> = {
  name: "address",
  isGreedy: true,
  read(phrase) {
    const { marking, context } = phrase;
    if (phrase.length !== 1) return undefined;
    const text = marking.value(phrase.text);
    if (VARIABLE.test(text)) return text;
    if (/^https?:\/\//i.test(text)) return text;
    if (phrase.text.startsWith("\uFDD2")) return undefined;
    if (HOST.test(text) && !FILE.test(text)) {
      return /^(?:localhost|[\d.]+)(?::|\/|$)/i.test(text) ? `http://${text}` : `https://${text}`;
    }
    return relativeUrl(text, context.baseUrl);
  },
};

function relativeUrl(path: string, baseUrl: string | undefined): string | undefined {
  if (!/^\/[\w\-./?=&%~]*$/.test(path) || baseUrl === undefined) return undefined;
  // Under the base URL of an environment a path stays one, so that the test is good for other environments, too.
  if (isPath(baseUrl)) return path;
  return URL.canParse(path, baseUrl) ? new URL(path, baseUrl).href : undefined;
}

/** "the login page at": words beside an address, which says it all. */
const LABEL: Slot<true> = {
  name: "words",
  isGreedy: false,
  read: (phrase) => (phrase.length <= 7 && phrase.words.every(isLabel) ? true : undefined),
};

function isLabel(word: string): boolean {
  return /^[\p{L}\d'-]+$/u.test(word) && !CONDITION.test(word) && !/^(?:and|or|not|then)$/.test(word);
}

const NEW_TAB: Slot<true> = {
  name: "in a new tab",
  isGreedy: false,
  read: ({ words }) =>
    /^in (?:a|another) (?:new )?(?:browser )?(?:tab|window)$/.test(words.join(" ")) ? true : undefined,
};

function navigate(url: string, isNew: unknown): Meaning {
  if (!VARIABLE.test(url) && !isPath(url) && !URL.canParse(url))
    return problem(`"${url}" is no valid address`);
  return action({ action: isNew === true ? "new_window" : "navigate", url });
}

const BROWSER: Slot<true> = {
  name: "in the browser",
  isGreedy: false,
  read: ({ words }) =>
    /^(?:in|on|using|with) (?:the|a|your) (?:web )?(?:browser|address bar|url bar|chrome|firefox)$/.test(
      words.join(" "),
    )
      ? true
      : undefined,
};

/** Parts of an application that are opened by a click on their name. */
const OPENED = new Set([
  "section",
  "module",
  "menu",
  "tab",
  "link",
  "panel",
  "accordion",
  "menu item",
  "menu entry",
  "menu option",
  "sub-menu",
  "submenu",
  "folder",
  "file",
  "drop-down",
  "dropdown",
  "dropdown menu",
  "category",
  "channel",
  "board",
]);

function opened(target: DescribedElement): Meaning | undefined {
  return OPENED.has(target.kindWord) && target.name !== "" && target.name !== target.kindWord
    ? clickOn(target)
    : undefined;
}

/** A click that opens or closes a part, after which the part may not say that it is the other way. */
function unfolded(target: DescribedElement, isOpen: boolean): Meaning | undefined {
  const clicked = opened(target);
  if (clicked?.kind !== "action" || target.locator !== undefined || target.within !== undefined)
    return clicked;
  const said = literalXPath(target.name);
  const otherwise = [
    `//*[@aria-expanded='${isOpen ? "false" : "true"}'][normalize-space(.)=${said} or @aria-label=${said}]`,
    `//details[${isOpen ? "not(@open)" : "@open"}]/summary[normalize-space(.)=${said}]`,
  ].join(" | ");
  const is: Command = {
    action: "verify_element_absent",
    locator_type: "xpath",
    locator_value: otherwise,
    description: `Check that ${target.words} is ${isOpen ? "expanded" : "collapsed"}`,
  };
  return action(...clicked.commands, is);
}

/** Open, go to, visit: with an address, or the name of a part that a click opens. */
export const OPENING: Rule[] = [
  rule(
    form`(~open|~visit|~navigate|~browse|~load|~launch|~start|~access|~go|~head|~return|~surf|try) [back] [directly] [to|at|on|up|for] ${maybe(LABEL)} [:|\(|at|=] ${ADDRESS} [\)] [page|site|website|url|application] ${maybe(NEW_TAB)} ${maybe(BROWSER)} ${maybe(PURPOSE)}`,
    (_label, url, isNew) => navigate(url, isNew),
  ),
  rule(
    form`[i|we|you|the user|user] [am|is|are] (on|at) ${maybe(LABEL)} [:|\(] ${ADDRESS} [\)] [page|site]`,
    (_label, url) => navigate(url, false),
  ),
  rule(form`(~type|~enter) ${ADDRESS} (in|into) the (address bar|url bar|browser)`, (url) =>
    navigate(url, false),
  ),
  rule(form`${ADDRESS}`, (url) => navigate(url, false)),
  rule(
    form`[the] [base|start|test|web] (url|address|app|application|site|page) (is|runs|:|=) [at|on|:] ${ADDRESS}`,
    (url) => navigate(url, false),
  ),
  rule(form`~open|~launch|~start (the|a|your) [web] browser`, () =>
    action({ action: "log", message: "The browser is open" }),
  ),
  rule(form`~open|~access ${TARGET} ${maybe(PURPOSE)}`, opened),
  rule(form`~expand|~unfold ${TARGET} ${maybe(PURPOSE)}`, (target) => unfolded(target, true)),
  rule(form`~collapse|~fold ${TARGET} ${maybe(PURPOSE)}`, (target) => unfolded(target, false)),
  rule(form`~go|~navigate|~browse|~head|~switch|~return [back] to ${TARGET}`, opened),
  rule(
    form`(~open|~visit|~navigate|~browse|~load|~launch|~start|~access|~go to|~go back to|~return to|~head to) ${maybe(REST)}`,
    () => problem('it names no http or https address, such as "Open https://example.com"'),
  ),
  rule(form`[i|we|you|the user|user] [am|is|are] (on|at) ${REST}`, () =>
    problem('it names no http or https address, such as "Open https://example.com"'),
  ),
];
