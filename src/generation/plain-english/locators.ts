import type { Locator, Target } from "../../protocol/commands.js";
import {
  besideLabel,
  byAttributes,
  byRole,
  css,
  exactly,
  labels,
  loosely,
  looseLabels,
  looseRoles,
  placeholders,
  roles,
  testIds,
  texts,
  type Locators,
} from "./locating.js";
import type { Name } from "./names.js";

/** Most locators that may stand in for the first of a command; the protocol allows no more. */
const MAX_ALTERNATIVES = 10;

const FIELD = ":is(input:not([type=hidden],[type=submit],[type=button],[type=reset]),textarea,select)";
const FIELD_XPATH = "self::input[not(@type='hidden')] or self::textarea or self::select";
const BUTTON = ":is(button,input,[role=button],a,[role=link])";
const LINK = ":is(a,[role=link])";
const IMAGE = ":is(img,svg,[role=img])";
const TICKED = ":is(input:is([type=checkbox],[type=radio]),[role=checkbox],[role=radio],[role=switch])";

/** Puts locators into the fields of a command: the first, and the others as its alternatives. */
export function toTarget(locators: Locators): Target {
  const unique = new Map(locators.map((locator) => [JSON.stringify(locator), locator]));
  const [first, ...others] = unique.values();
  if (first === undefined) throw new Error("A target needs a locator");
  const alternatives = others.slice(0, MAX_ALTERNATIVES);
  return alternatives.length === 0 ? first : { ...first, alternatives };
}

/** The form field with this name: by label, placeholder, accessible name, name or id. */
export function fieldLocators(name: Name): Locators {
  return [
    ...labels(name),
    ...placeholders(name).slice(0, 1),
    ...byAttributes(FIELD, ["name", "id"], name),
    ...typed(name),
    ...looseLabels(name),
    ...name.loose.slice(0, 1).map((text) => loosely("placeholder", text)),
    ...looseRoles(name, "textbox").slice(0, 1),
    besideLabel(name, FIELD_XPATH),
    ...byAttributes(FIELD, ["name", "id"], name, { part: true }),
  ];
}

/** The list with this name. */
export function listLocators(name: Name): Locators {
  return [
    ...labels(name),
    ...roles(name, "combobox"),
    ...byAttributes("select", ["name", "id"], name),
    ...looseLabels(name),
    ...looseRoles(name, "combobox"),
    besideLabel(name, "self::select"),
    ...byAttributes("select", ["name", "id"], name, { part: true }),
  ];
}

/** The check box, radio button or switch with this name; of a certain kind where the author says so. */
export function tickedLocators(name: Name, kind?: "checkbox" | "radio" | "switch"): Locators {
  const exactly = kind === undefined ? [] : roles(name, kind);
  return [
    ...exactly,
    ...labels(name),
    ...byAttributes(TICKED, ["name", "id"], name),
    ...(kind === undefined ? ["checkbox", "switch"] : [kind]).flatMap((role) => looseRoles(name, role)),
    ...looseLabels(name),
    ...byAttributes(TICKED, ["name", "id"], name, { part: true }),
  ];
}

/** The field for files with this name. */
export function fileFieldLocators(name: Name): Locators {
  const field = "input[type=file]";
  return [
    ...labels(name),
    ...byAttributes(field, ["name", "id"], name),
    ...looseLabels(name),
    besideLabel(name, "self::input[@type='file']"),
    ...byAttributes(field, ["name", "id"], name, { part: true }),
  ];
}

/** The button with this name; a link takes its place where there is none. */
export function buttonLocators(name: Name): Locators {
  return [
    ...roles(name, "button"),
    ...roles(name, "link"),
    ...looseRoles(name, "button"),
    ...looseRoles(name, "link"),
    ...testIds(name),
    ...byAttributes(BUTTON, ["id", "name"], name, { part: true }),
  ];
}

/** The link with this name. */
export function linkLocators(name: Name): Locators {
  return [
    ...roles(name, "link"),
    ...looseRoles(name, "link"),
    ...testIds(name),
    ...byAttributes(LINK, ["id", "name"], name, { part: true }),
  ];
}

/**
 * The element that a person would click on by this name: a button rather than a link, something made for clicks
 * rather than any other element with that text.
 */
export function clickableLocators(name: Name): Locators {
  return [
    ...roles(name, "button"),
    ...roles(name, "link"),
    ...labels(name).slice(0, 1),
    ...texts(name),
    ...looseRoles(name, "button").slice(0, 1),
    ...looseRoles(name, "link").slice(0, 1),
    ...testIds(name),
    ...byAttributes(BUTTON, ["id", "name"], name, { part: true }),
  ];
}

/** An entry of a kind with its own role, such as a tab; else any element with its name, with or without the kind. */
export function entryLocators(name: Name, role: string, fullName: Name): Locators {
  return [
    ...roles(name, role),
    ...roles(fullName, "button"),
    ...roles(name, "link").slice(0, 1),
    ...roles(name, "button").slice(0, 1),
    ...texts(name).slice(0, 1),
    ...looseRoles(name, role),
    ...looseRoles(name, "link").slice(0, 1),
    ...testIds(name),
  ];
}

/** The image with this name: by alternative text, title, or a part of its id, class or address. */
export function imageLocators(name: Name): Locators {
  return [
    ...roles(name, "img"),
    ...name.exact.slice(0, 1).map((text) => exactly("alt", text)),
    ...looseRoles(name, "img"),
    ...name.loose.slice(0, 1).flatMap((text) => [loosely("alt", text), loosely("title", text)]),
    ...byAttributes(IMAGE, ["id", "class", "src"], name, { part: true }),
  ];
}

/** The icon with this name, which is as often a button as a picture. */
export function iconLocators(name: Name, fullName: Name): Locators {
  return [
    ...roles(name, "button"),
    ...roles(fullName, "button"),
    ...roles(name, "link").slice(0, 1),
    ...roles(name, "img").slice(0, 1),
    ...looseRoles(name, "button").slice(0, 1),
    ...looseRoles(name, "link").slice(0, 1),
    ...name.loose.slice(0, 1).flatMap((text) => [loosely("title", text), loosely("alt", text)]),
    ...testIds(name),
  ];
}

/** The heading with this text. */
export function headingLocators(name: Name): Locators {
  return [...roles(name, "heading"), ...looseRoles(name, "heading")];
}

/** Something to drag or to drop on, which has a text and seldom a role. */
export function thingLocators(name: Name): Locators {
  return [
    ...texts(name),
    ...roles(name, "listitem"),
    ...roles(name, "button"),
    ...name.exact.slice(0, 1).map((text) => exactly("alt", text)),
    ...testIds(name),
    ...byAttributes("", ["id"], name),
  ];
}

/** The frame with this name, by its name, id or title. */
export function frameLocators(name: Name): Locators {
  const frame = ":is(iframe,frame)";
  const title = name.exact.slice(0, 1).map((text) => exactly("title", text));
  return [...byAttributes(frame, ["name", "id"], name), ...title];
}

/**
 * An element with one of these roles, for a check that it is gone: parts of names and ids of other elements would
 * only be in the way of that.
 */
export function anyRole(name: Name, ...roleNames: string[]): Locators {
  return roleNames.flatMap((role) => everySpelling(name, (text) => byRole(role, text)));
}

/** A form field with this name, as {@link anyRole}. */
export function anyField(name: Name): Locators {
  return [
    ...everySpelling(name, (text) => exactly("label", text)),
    ...everySpelling(name, (text) => exactly("placeholder", text)),
    ...byAttributes(FIELD, ["name", "id"], name),
  ];
}

function everySpelling(
  { exact: [text = ""], loose, isQuoted }: Name,
  locator: (text: string) => Locator,
): Locators {
  return isQuoted ? [locator(text)] : loose.map((spelling) => ({ ...locator(spelling), exact: false }));
}

/** A field's type tells what it is for where nothing else does. */
function typed({ words }: Name): Locators {
  const name = words.join(" ");
  if (/^pass ?(?:word|code)$/.test(name)) return [PASSWORD_FIELD];
  return /^e ?mail(?: address)?$/.test(name) ? [css("input[type=email]")] : [];
}

/** The first field of a login form that takes a text. */
export const FIRST_LOGIN_FIELD = css(
  "form:has(input[type=password]) input:is(:not([type]),[type=text],[type=email],[type=tel])",
);

/** The field that takes the password. */
export const PASSWORD_FIELD = css("input[type=password]");

const SUBMITTING = ":is(button:not([type]),button[type=submit],input[type=submit],input[type=image])";

/** The button that sends a login form. */
export const LOGIN_BUTTON = css(`form:has(input[type=password]) ${SUBMITTING}`);

/** The button that sends a form. */
export const SUBMIT_BUTTON = css(`form ${SUBMITTING}`);

/** The only field for files, where the author names none. */
export const FILE_FIELD = css("input[type=file]");

/** Everything on the page. */
export const BODY: Locator = { locator_type: "tag", locator_value: "body" };
