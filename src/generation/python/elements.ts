import type { Locator, LocatorType, Target } from "../../protocol/commands.js";
import { literal } from "./text.js";

/** A locator as Selenium has it: a name of `By`, and a value for it as Python. */
interface By {
  by: string;
  value: string;
}

type Write = (locator: Locator) => By;

const plain =
  (by: string): Write =>
  ({ locator_value }) => ({ by, value: literal(locator_value) });

/** Selenium does not know the types that go by what a person sees; these are the nearest that it has. */
const BY: Record<LocatorType, Write> = {
  id: plain("By.ID"),
  xpath: plain("By.XPATH"),
  css: plain("By.CSS_SELECTOR"),
  class: plain("By.CLASS_NAME"),
  name: plain("By.NAME"),
  tag: plain("By.TAG_NAME"),
  link_text: plain("By.LINK_TEXT"),
  partial_link_text: plain("By.PARTIAL_LINK_TEXT"),
  role: byRole,
  label: (locator) => xpath(`//*[${labelled(locator.locator_value, locator)}]`),
  placeholder: byAttribute("placeholder"),
  text: (locator) => xpath(`//*[${saying("normalize-space(text())", locator.locator_value, locator)}]`),
  alt: byAttribute("alt"),
  title: byAttribute("title"),
  test_id: (locator) => byAttribute("data-testid")({ ...locator, exact: true }),
};

/** The HTML elements that have a role of their own, as steps of an XPath; every other is asked for its attribute. */
const ELEMENTS: Record<string, string> = {
  button: "button",
  checkbox: "input[@type='checkbox']",
  combobox: "select",
  heading: "*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]",
  img: "img",
  link: "a",
  list: "ul",
  listitem: "li",
  option: "option",
  radio: "input[@type='radio']",
  row: "tr",
  table: "table",
  textbox: "*[self::input or self::textarea]",
};

const NAMED_BY_LABEL = new Set(["checkbox", "combobox", "radio", "switch", "textbox"]);

function byRole(locator: Locator): By {
  const { locator_value: role, locator_name: name } = locator;
  if (role === "link" && name !== undefined) {
    return { by: locator.exact === false ? "By.PARTIAL_LINK_TEXT" : "By.LINK_TEXT", value: literal(name) };
  }
  // Own fields only: a role is any text, and "constructor" is one too.
  const element = Object.hasOwn(ELEMENTS, role) ? ELEMENTS[role] : undefined;
  const path = `//${element ?? `*[@role=${xpathText(role)}]`}`;
  if (name === undefined) return xpath(path);
  if (NAMED_BY_LABEL.has(role)) return xpath(`${path}[${labelled(name, locator)}]`);
  const places = role === "img" ? "@alt" : "normalize-space()";
  return xpath(`${path}[${saying(places, name, locator)} or ${saying("@aria-label", name, locator)}]`);
}

function byAttribute(attribute: string): Write {
  return ({ locator_value, exact }) => {
    const value = locator_value.replace(/['\\]/g, "\\$&").replace(/[\n\r\f]/g, " ");
    const test = exact === false ? `*='${value}' i` : `='${value}'`;
    return { by: "By.CSS_SELECTOR", value: literal(`[${attribute}${test}]`) };
  };
}

function labelled(text: string, locator: Locator): string {
  const label = `//label[${saying("normalize-space()", text, locator)}]`;
  return `@id=${label}/@for or ancestor::label[${saying("normalize-space()", text, locator)}] or ${saying("@aria-label", text, locator)}`;
}

function saying(place: string, text: string, { exact }: Locator): string {
  if (exact === false) return `contains(${place}, ${xpathText(text)})`;
  return `${place}=${xpathText(text)}`;
}

/** XPath 1.0 has no escapes, so a text with both quotation marks is put together. */
function xpathText(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  return `concat(${text
    .split("'")
    .map((part) => `'${part}'`)
    .join(`, "'", `)})`;
}

function xpath(path: string): By {
  return { by: "By.XPATH", value: literal(path) };
}

/** A locator as the two arguments that Selenium's functions take. */
export function byOf(locator: Locator): string {
  const { by, value } = BY[locator.locator_type](locator);
  return `${by}, ${value}`;
}

/** A Python expression that finds a target's element. */
export function find({ timeout, ...target }: Target & { timeout?: number | undefined }): string {
  const found = findIn("driver", target);
  if (timeout === undefined) return found;
  const isPlain = target.nth === undefined && target.within === undefined;
  const condition = isPlain ? `EC.presence_of_element_located((${byOf(target)}))` : `lambda driver: ${found}`;
  return `WebDriverWait(driver, ${timeout}).until(${condition})`;
}

/** Tells if a locator is no more than its type and value. */
export function isPlain({ nth, within }: Locator): boolean {
  return nth === undefined && within === undefined;
}

/** A Python expression that finds every element of a target. */
export function findAll(target: Locator): string {
  return `${scope("driver", target)}.find_elements(${within(target)})`;
}

function findIn(root: string, target: Locator): string {
  const place = scope(root, target);
  return target.nth === undefined || target.nth === 0
    ? `${place}.find_element(${within(target)})`
    : `${place}.find_elements(${within(target)})[${target.nth}]`;
}

function scope(root: string, { within: container }: Locator): string {
  return container === undefined ? root : findIn(root, container);
}

/** Inside an element an XPath has to begin with a dot, or it would look at the whole page. */
function within(locator: Locator): string {
  const { by, value } = BY[locator.locator_type](locator);
  return `${by}, ${locator.within === undefined || by !== "By.XPATH" ? value : value.replace(/^"\/\//, '".//')}`;
}
