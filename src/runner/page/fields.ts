import { satisfied, unsatisfied } from "./conditions.ts";
import { describe } from "./element.ts";
import { normalize } from "./locate.ts";
import type { PageResult } from "./requests.ts";

/** Input types that take no key strokes a person could be expected to type; see {@link setValue}. */
const WITHOUT_TYPING = new Set(["date", "datetime-local", "month", "week", "time", "color", "range"]);
const WITHOUT_TEXT = new Set(["button", "checkbox", "file", "hidden", "image", "radio", "reset", "submit"]);

/** Gives a field the focus and selects its content, so that what is typed next replaces it. */
export function prepareField(element: Element, text: string): PageResult {
  if (!(element instanceof HTMLElement)) return unsatisfied(`${describe(element)} takes no text`);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    if (WITHOUT_TEXT.has(element.type)) return unsatisfied(`${describe(element)} takes no text`);
    if (element.readOnly) return unsatisfied(`${describe(element)} is read-only`);
  } else if (!element.isContentEditable) {
    return unsatisfied(`${describe(element)} takes no text`);
  }
  element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  element.focus();
  if (!hasFocus(element)) return unsatisfied(`${describe(element)} does not take the focus`);
  if (element instanceof HTMLInputElement && WITHOUT_TYPING.has(element.type)) return setValue(element, text);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    element.select();
    // A number field reports no value while it holds something that is no number, and may yet have content.
    const empty = element.value === "" && !element.validity.badInput;
    return { ...satisfied(), field: empty ? "empty" : "selected" };
  }
  getSelection()?.selectAllChildren(element);
  return { ...satisfied(), field: element.textContent === "" ? "empty" : "selected" };
}

function hasFocus(element: HTMLElement): boolean {
  const root = element.getRootNode();
  return (root instanceof ShadowRoot ? root.activeElement : document.activeElement) === element;
}

/**
 * Sets a control whose keyboard is a picker that differs by locale: WebDriver's rule for "non-typeable form
 * controls" (https://www.w3.org/TR/webdriver2/#element-send-keys).
 */
function setValue(input: HTMLInputElement, text: string): PageResult {
  const before = input.value;
  input.value = text;
  if (text !== "" && input.value.toLowerCase() !== text.toLowerCase()) {
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

/**
 * Chooses an option by its label. The open list of a drop-down is drawn by the operating system, outside the
 * page and out of reach of pointer input, so the choice is made in the document and announced as the browser does.
 */
export function chooseOption(element: Element, label: string): PageResult {
  if (!(element instanceof HTMLSelectElement))
    return unsatisfied(`${describe(element)} is no drop-down list`);
  const wanted = normalize(label);
  const option = Array.from(element.options).find((candidate) => normalize(candidate.label) === wanted);
  if (option === undefined) {
    const labels = Array.from(element.options, (candidate) => JSON.stringify(normalize(candidate.label)));
    const shown = labels.slice(0, 20).join(", ") + (labels.length > 20 ? ", …" : "");
    return unsatisfied(labels.length === 0 ? "the list is empty" : `the list has only ${shown}`);
  }
  if (option.matches(":disabled")) return unsatisfied(`the option ${JSON.stringify(wanted)} is disabled`);
  element.focus();
  if (!option.selected) {
    option.selected = true;
    announce(element);
  }
  return satisfied();
}

function announce(control: HTMLElement): void {
  control.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}
