import { controlOf, describe, isDisabled, isVisible } from "./element.ts";
import { announce } from "./fields.ts";
import type { PageOptions, PageResult } from "./requests.ts";
import { Impossible, satisfied, unsatisfied } from "./results.ts";
import { normalize } from "./same-text.ts";

/** The list that an element is, or labels. @throws Impossible when it is none */
export function listOf(element: Element): HTMLSelectElement {
  const list = controlOf(element);
  if (list instanceof HTMLSelectElement) return list;
  throw new Impossible(`${describe(element)} is no list of options`);
}

/** Tells whether the options can be chosen now. */
export function lookForOptions(element: Element, options: PageOptions): PageResult {
  const list = listOf(element);
  if (!isVisible(element)) return unsatisfied(`${describe(element)} is not visible`);
  if (isDisabled(list)) return unsatisfied(`${describe(list)} is disabled`);
  if (options.names.length > 1 && !list.multiple) {
    throw new Impossible(`${describe(list)} lets only one option be chosen`);
  }
  for (const name of options.names) {
    const option = optionOf(list, options.by, name);
    if (option === undefined) return unsatisfied(`the list ${contentOf(list, options.by)}`);
    if (option.matches(":disabled")) return unsatisfied(`the option ${JSON.stringify(name)} is disabled`);
  }
  return satisfied();
}

/**
 * Chooses exactly these options. The open list of a drop-down is drawn by the operating system, outside the
 * page and out of reach of pointer input, so the choice is made in the document and announced as the browser does.
 */
export function choose(element: Element, { by, names }: PageOptions): void {
  const list = listOf(element);
  const wanted = new Set(names.map((name) => optionOf(list, by, name)));
  list.focus();
  const wrong = Array.from(list.options).filter((option) => option.selected !== wanted.has(option));
  // In a drop-down the choice of one option undoes the choice of another by itself.
  for (const option of wrong) if (list.multiple || wanted.has(option)) option.selected = wanted.has(option);
  if (wrong.length > 0) announce(list);
}

/** Names of the chosen options, in the order of the list. */
export function chosenNames(element: Element, by: PageOptions["by"]): (string | number)[] {
  return Array.from(listOf(element).selectedOptions, (option) => nameOf(option, by));
}

function optionOf(list: HTMLSelectElement, by: PageOptions["by"], name: string | number) {
  const wanted = by === "label" ? normalize(String(name)) : name;
  return Array.from(list.options).find((option) => nameOf(option, by) === wanted);
}

function nameOf(option: HTMLOptionElement, by: PageOptions["by"]): string | number {
  if (by === "index") return option.index;
  return by === "value" ? option.value : normalize(option.label);
}

/** Most options that a message names. */
const SHOWN = 20;

function contentOf({ options }: HTMLSelectElement, by: PageOptions["by"]): string {
  if (options.length === 0) return "is empty";
  if (by === "index") return `has only ${options.length} ${options.length === 1 ? "option" : "options"}`;
  const names = Array.from(options, (option) => JSON.stringify(nameOf(option, by)));
  const shown = names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ", …" : "");
  return `has only ${by === "value" ? "the values " : ""}${shown}`;
}
