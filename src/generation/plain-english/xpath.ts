/**
 * XPaths that find an element by the name a person gives it. Names are compared without regard to case, spaces,
 * dashes, underscores, colons and asterisks, so that "First name" finds `First name: *` and `first_name` alike.
 *
 * They pass over the document as few times as they can, because the runner evaluates them again and again while
 * it waits: so a label's field is reached by `id(//label/@for)` and not by `//*[@id = //label/@for]`.
 */

const CONTROL =
  "[self::input[not(@type[contains('hidden submit button reset image',.)])] or self::textarea or self::select" +
  " or @role='textbox' or @role='combobox' or @contenteditable='true']";
const SELECT = "[self::select]";
const TOGGLE =
  "[self::input[@type='checkbox' or @type='radio'] or @role='checkbox' or @role='radio' or @role='switch']";
const BUTTON =
  "[self::button or self::input/@type[contains('submit button reset image',.)] or @role='button']";
const LINK = "[self::a or @role='link']";
const OTHER =
  "[self::a or self::summary or self::option or @onclick or @role='link' or @role='tab' or @role='menuitem' or @role='option']";
const IMAGE = "[self::img or self::svg or @role='img']";
const HEADING = "[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6 or @role='heading']";

/** The form field with this name: by label, aria-label, placeholder, title, name or id. */
export function fieldXPath(name: string): string {
  return labelled(CONTROL, name, typed(name));
}

/** The `select` element with this name. */
export function listXPath(name: string): string {
  return labelled(SELECT, name);
}

/** The check box, radio button or switch with this name. */
export function toggleXPath(name: string): string {
  return labelled(TOGGLE, name);
}

/** The button with one of these names; a link takes its place where there is none. */
export function buttonXPath(...names: string[]): string {
  return prefer(named(BUTTON, names, equals), named(LINK, names, equals), [
    ...named(BUTTON, names, contains),
    ...named(LINK, names, contains),
  ]);
}

/** The link with this name. */
export function linkXPath(name: string): string {
  return prefer(named(LINK, [name], equals), named(LINK, [name], contains));
}

/**
 * Whatever a person would click on by one of these names: a button rather than a link, something that can be
 * clicked rather than any other element with that text.
 */
export function clickableXPath(...names: string[]): string {
  return prefer(
    named(BUTTON, names, equals),
    [...named(OTHER, names, equals), ...names.flatMap((name) => exactlyLabelled(TOGGLE, name))],
    [...named(BUTTON, names, contains), ...named(OTHER, names, contains)],
    names.map((name) => `//body//*[text()${equals(name)}]`),
  );
}

/** The image with this name: by alternative text, title, aria-label, id or a part of its address. */
export function imageXPath(name: string): string {
  const anywhere = `//*${IMAGE}[(@alt|@title|@aria-label|@id|@class|@src)${contains(name)}]`;
  return prefer([`//*${IMAGE}[(@alt|@title|@aria-label)${equals(name)}]`], [anywhere]);
}

/** The heading with this text. */
export function headingXPath(text: string): string {
  return prefer([`//*${HEADING}${equals(text)}`], [`//*${HEADING}${contains(text)}`]);
}

/** The field of a login form that takes the user's name: one of its usual names, else the one before the password. */
export function usernameXPath(): string {
  const beforePassword =
    "(//input[@type='password'])[1]/preceding::input[not(@type) or @type='text' or @type='email' or @type='tel'][1]";
  const names = ["username", "user", "email", "login"];
  return prefer(
    names.flatMap((name) => exactlyLabelled(CONTROL, name)),
    [beforePassword],
  );
}

/** The field of a login form that takes the password. */
export function passwordXPath(): string {
  return "(//input[@type='password'])[1]";
}

/** The button that sends a form. */
export function submitXPath(): string {
  return "(//form//*[self::button[not(@type) or @type='submit'] or self::input[@type='submit' or @type='image']])[1]";
}

/** Writes a text as an XPath string; XPath 1.0 has no escapes, so one with both quotation marks is put together. */
export function xpathString(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  const parts = text.split("'").map((part) => `'${part}'`);
  return `concat(${parts.join(`,"'",`)})`;
}

/**
 * The first element of the first group of paths that finds any. A plain union would give the first in the
 * document; so each group counts only where those before it find nothing.
 */
function prefer(...groups: string[][]): string {
  return groups
    .map((paths, index) => {
      const better = groups.slice(0, index).flat().join(" | ");
      return `(${paths.join(" | ")})[1]${better === "" ? "" : `[not(${better})]`}`;
    })
    .join(" | ");
}

/** A test of a node's text against a name, as a predicate. */
type Comparison = (name: string) => string;

/** Elements of a kind that say one of the names, or have it as their value or as an attribute for people. */
function named(kind: string, names: string[], compare: Comparison): string[] {
  const places =
    compare === contains
      ? ".|@value|@aria-label|@title|@alt|@id|@name"
      : ".|@value|@aria-label|@title|@alt|.//img/@alt";
  return names.map((name) => `//*${kind}[(${places})${compare(name)}]`);
}

function labelled(kind: string, name: string, more: string[] = []): string {
  const places =
    "@aria-label|@placeholder|@title|@name|@id|ancestor::label|preceding-sibling::*[1][self::label]";
  return prefer(exactlyLabelled(kind, name), [
    `id(//label${contains(name)}/@for)${kind}`,
    `//*${kind}[(${places})${contains(name)}]`,
    ...more,
  ]);
}

function exactlyLabelled(kind: string, name: string): string[] {
  const labels = "ancestor::label|ancestor::label//text()|preceding-sibling::*[1][self::label]";
  const places = `@aria-label|@placeholder|@title|@name|@id|id(@aria-labelledby)|${labels}`;
  return [`id(//label[(.|text())${equals(name)}]/@for)${kind}`, `//*${kind}[(${places})${equals(name)}]`];
}

/** A field's type tells what it is for where nothing else does. */
function typed(name: string): string[] {
  if (/^pass ?(?:word|code)$/i.test(name)) return ["//input[@type='password']"];
  return /^e-?mail(?: address)?$/i.test(name) ? ["//input[@type='email']"] : [];
}

function equals(name: string): string {
  const { text, key } = comparison(name);
  return `[${text}=${key}]`;
}

function contains(name: string): string {
  const { text, key } = comparison(name);
  return `[contains(${text},${key})]`;
}

const IGNORED = " -_:*";

/** Lower-cases only the letters of the name: any other letter in the element's text is a difference anyway. */
function comparison(name: string): { text: string; key: string } {
  const plain = lower(name.replace(/\s+/g, " ").trim());
  const bare = plain.replace(/[ \-_:*]/g, "");
  const letters = [...new Set(bare)].filter((letter) => upper(letter) !== letter);
  const from = xpathString(letters.map(upper).join("") + (bare === "" ? "" : IGNORED));
  const to = xpathString(letters.join(""));
  return { text: `translate(normalize-space(),${from},${to})`, key: xpathString(bare === "" ? plain : bare) };
}

/** Letters whose other case is more than one character, such as ß, cannot be translated one to one. */
function upper(letter: string): string {
  const result = letter.toUpperCase();
  return result.length === letter.length ? result : letter;
}

function lower(text: string): string {
  return Array.from(text, (letter) => {
    const result = letter.toLowerCase();
    return result.length === letter.length ? result : letter;
  }).join("");
}
