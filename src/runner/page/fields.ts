import { controlOf, describe, hasFocus, isCustom, isDisabled } from "./element.ts";
import { keyProxyOf, prepareEditor } from "./key-proxy.ts";
import { whyOutOfReach } from "./reach.ts";
import type { PageResult } from "./requests.ts";
import { Impossible, satisfied, unsatisfied } from "./results.ts";
import { isForPartOf } from "./short-fields.ts";
import { sightOf } from "./sight.ts";
import { plainTime } from "./times.ts";
import { deep } from "./tree.ts";

/** Input types that take no key strokes a person could be expected to type; see {@link setValue}. */
const WITHOUT_TYPING = new Set(["date", "datetime-local", "month", "week", "time", "color", "range"]);
const WITHOUT_TEXT = new Set(["button", "checkbox", "file", "hidden", "image", "radio", "reset", "submit"]);

/** The reason why no text can be typed into the element, or into the field that it labels; nothing when some can. */
export function notEditable(element: Element): string | undefined {
  const field = fieldOf(element);
  // Where a page draws the text itself, a person types into a field that is seen through.
  const sight = sightOf(element, element === field ? "around" : "all");
  if (typeof sight === "string") return sight;
  if (isDisabled(field)) return `${describe(field)} is disabled`;
  if (!takesText(field)) return `${describe(field)} takes no text`;
  return isReadOnly(field) ? `${describe(field)} is read-only` : undefined;
}

/** The field that an element is, or labels, or that a custom element is made of. */
export function fieldOf(element: Element): Element {
  const control = controlOf(element);
  const { shadowRoot } = control;
  if (shadowRoot === null || !isCustom(control) || takesText(control)) return control;
  for (const inner of deep(shadowRoot, "input,textarea,[contenteditable]"))
    if (takesText(inner)) return inner;
  return control;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

function isField(element: Element): element is Field {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

export function takesText(element: Element): element is HTMLElement {
  if (isField(element)) return !WITHOUT_TEXT.has(element.type);
  return element instanceof HTMLElement && element.isContentEditable;
}

function isReadOnly(element: Element): boolean {
  return (isField(element) && element.readOnly) || element.getAttribute("aria-readonly") === "true";
}

/** Gives a field the focus and selects its content, so that what is typed next replaces it. */
export function prepareField(element: Element, text: string | undefined): PageResult {
  const proxy = keyProxyOf(controlOf(element));
  if (proxy !== undefined) return prepareEditor(element, proxy);
  const problem = notEditable(element);
  if (problem !== undefined) return unsatisfied(problem);
  const field = fieldOf(element) as HTMLElement; // Nothing else takes text.
  const hindrance = whyOutOfReach(field);
  if (hindrance !== undefined) return unsatisfied(hindrance);
  if (!isField(field)) return prepareRegion(field);
  field.focus();
  if (!hasFocus(field)) return unsatisfied(`${describe(field)} does not take the focus`);
  if (WITHOUT_TYPING.has(field.type)) return setValue(field, text);
  field.select();
  // A number field reports no value while it holds something that is no number, and may yet have content.
  const isEmpty = field.value === "" && !field.validity.badInput;
  const isPart = isForPartOf(text, field);
  return {
    ...satisfied(),
    field: isEmpty ? "empty" : "selected",
    ...(isPart && ({ keyByKey: true } as const)),
  };
}

/** Gives the focus to the whole of an editable region, and selects only the part of it that is meant. */
function prepareRegion(region: HTMLElement): PageResult {
  let host = region;
  while (host.parentElement?.isContentEditable) host = host.parentElement;
  host.focus();
  if (!hasFocus(host)) return unsatisfied(`${describe(host)} does not take the focus`);
  getSelection()?.selectAllChildren(region);
  return { ...satisfied(), field: region.textContent === "" ? "empty" : "selected" };
}

/**
 * Sets a control whose keyboard is a picker that differs by locale: WebDriver's rule for "non-typeable form
 * controls" (https://www.w3.org/TR/webdriver2/#element-send-keys).
 */
function setValue(input: Field, text: string | undefined): PageResult {
  if (text === undefined) {
    const why = "this browser's driver has no way to set it that the page could not read along";
    throw new Impossible(`${describe(input)} takes no key strokes, and no secret is set there: ${why}`);
  }
  const before = input.value;
  input.value = text;
  if (text !== "" && plainTime(input.value).toLowerCase() !== plainTime(text).toLowerCase()) {
    const refused = `${describe(input)} does not take ${JSON.stringify(text)}; it takes values such as ${JSON.stringify(EXAMPLES[input.type])}`;
    input.value = before;
    return unsatisfied(refused);
  }
  announce(input);
  return { ...satisfied(), field: "set" };
}

const EXAMPLES: Record<string, string> = {
  date: "2026-01-31",
  "datetime-local": "2026-01-31T14:30",
  month: "2026-01",
  week: "2026-W05",
  time: "14:30",
  color: "#1f6feb",
  range: "50",
};

/** Tells the page of a change as the browser does when a person has made it. */
export function announce(control: HTMLElement): void {
  control.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}
