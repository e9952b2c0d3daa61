import type { Locator } from "../../protocol/commands.js";
import { css } from "./locating.js";
import { literalXPath } from "./names.js";

/** The parts of a page in which an element is looked for, likeliest first. */
export type Containers = Locator[];

const ROWS =
  "self::tr or self::li or self::article or self::dt or self::label or @role='row' or @role='listitem' or @role='article' or @role='option' or @role='treeitem'";
const CARDS = ["card", "item", "product", "tile", "row", "entry"]
  .map((word) => `contains(@class,'${word}')`)
  .join(" or ");
const SECTIONS =
  "self::section or self::fieldset or self::form or self::article or self::aside or self::nav or self::table or self::details or @role='region' or @role='group' or @role='form' or @role='table' or @role='tabpanel' or @role='navigation'";
const DIALOGS = "self::dialog or @role='dialog' or @role='alertdialog' or @aria-modal='true'";
const TITLES =
  "self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6 or self::legend or self::caption or self::summary or @role='heading'";

/** Rows, list items and cards that show a text: first those with an element that says just it. */
export function rowsOf(text: string, kind: "row" | "card" = "row"): Containers {
  const said = literalXPath(text);
  const exactly = `descendant-or-self::*[normalize-space(.)=${said}]`;
  const somewhere = `contains(normalize-space(.),${said})`;
  const rows = innermost(ROWS, exactly);
  const cards = innermost(`${ROWS} or ${CARDS}`, exactly);
  return [...(kind === "row" ? [rows, cards] : [cards, rows]), innermost(ROWS, somewhere)];
}

/** A row of the only table of the page, from 0; -1 is the last. With several tables none is found. */
export function numberedRow(number: number): Containers {
  const place = number < 0 ? "last()" : String(number + 1);
  const grid = "@role='grid' or @role='table'";
  return [
    `(//table[count(//table)=1]/tbody/tr)[${place}]`,
    `(//*[${grid}][count(//*[${grid}])=1]//*[@role='row'][*[@role='cell' or @role='gridcell']])[${place}]`,
  ].map((locator_value) => ({ locator_type: "xpath", locator_value }));
}

const CONTROL =
  "self::input[not(@type='hidden' or @type='submit' or @type='button' or @type='reset')] or self::textarea or self::select";

/** A form field with its label, hint and error: the largest element that holds this control and no other. */
export function fieldGroupsOf(name: string): Containers {
  const said = literalXPath(name.toLowerCase());
  const small = "translate(normalize-space(.),'ABCDEFGHIJKLMNOPQRSTUVWXYZ*:','abcdefghijklmnopqrstuvwxyz')";
  const spelled = spellingsOf(name).map((spelling) => `@id=${spelling} or @name=${spelling}`);
  const own = [`@aria-label=${literalXPath(name)}`, `@placeholder=${literalXPath(name)}`, ...spelled];
  const test = `[count(.//*[${CONTROL}])=1][.//label[normalize-space(${small})=${said}] or .//*[${CONTROL}][${own.join(" or ")}]]`;
  return [{ locator_type: "xpath", locator_value: `//*${test}[not(parent::*${test})]` }];
}

/** A name as programmers spell it, as XPath: `first_name`, `first-name`, `firstName`. */
function spellingsOf(name: string): string[] {
  const words = name.toLowerCase().match(/[a-z\d]+/g) ?? [];
  const camel = words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)));
  return [...new Set([words.join("_"), words.join("-"), camel.join("")])].map(literalXPath);
}

/** Sections, forms and the like with this heading, caption or accessible name. */
export function sectionsOf(text: string): Containers {
  const said = literalXPath(text);
  const titled = `.//*[${TITLES}][normalize-space(.)=${said}]`;
  return [
    innermost(SECTIONS, `@aria-label=${said} or ${titled}`),
    innermost("self::div or self::section", titled),
  ];
}

/** Dialogs of the page that show a text. */
export function dialogsOf(text: string): Containers {
  const said = literalXPath(text);
  return [
    innermost(DIALOGS, `@aria-label=${said} or .//*[normalize-space(.)=${said}]`),
    innermost(DIALOGS, `contains(normalize-space(.),${said})`),
  ];
}

/** A part of the page that a person names without a name of its own. */
export function landmark(words: string): Containers | undefined {
  return LANDMARKS.find(([pattern]) => pattern.test(words))?.[1];
}

const marked = (word: string): string => `[class*="${word}" i],[id*="${word}" i]`;
const LANDMARKS: [RegExp, Containers][] = [
  [
    /^(?:dialog(?:ue)?|modal|pop-?up|modal dialog|dialog box|modal window)$/,
    [css("dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]")],
  ],
  [/^(?:page |site )?header$/, [css(`header,[role=banner],${marked("header")}`)]],
  [/^(?:page |site )?footer$/, [css(`footer,[role=contentinfo],${marked("footer")}`)]],
  [
    /^(?:main |top )?(?:navigation|nav|nav ?bar|navigation bar|navigation menu)$/,
    [css(`nav,[role=navigation],${marked("nav")}`)],
  ],
  [
    /^(?:(?:left|right) )?side ?bar(?: menu)?$/,
    [css(`aside,nav,[role=complementary],${marked("sidebar")},${marked("sidenav")}`)],
  ],
  [/^tool ?bar$/, [css(`[role=toolbar],${marked("toolbar")}`)]],
];

/** The innermost elements of a kind that hold to a condition. */
function innermost(kinds: string, condition: string): Locator {
  const test = `[${kinds}][${condition}]`;
  return { locator_type: "xpath", locator_value: `//*${test}[not(descendant::*${test})]` };
}
