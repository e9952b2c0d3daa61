import { controlOf, describe, isDisabled } from "./element.ts";
import { announce } from "./fields.ts";
import { whyOutOfReach } from "./reach.ts";
import type { PageOptions, PageResult } from "./requests.ts";
import { Impossible, satisfied, unsatisfied } from "./results.ts";
import { normalize } from "./same-text.ts";
import { sightOf, whyOutOfSight } from "./sight.ts";

/** The list that an element is, or labels. @throws Impossible when it is none */
export function listOf(element: Element): HTMLSelectElement {
  const list = controlOf(element);
  if (list instanceof HTMLSelectElement) return list;
  throw new Impossible(`${describe(element)} is no list of options`);
}

/** Tells whether the options can be chosen now. */
export function lookForOptions(element: Element, options: PageOptions): PageResult {
  const list = listOf(element);
  const sight = sightOf(element, element === list ? "around" : "all");
  if (typeof sight === "string") return unsatisfied(sight);
  if (isDisabled(list)) return unsatisfied(`${describe(list)} is disabled`);
  if (options.names.length > 1 && !list.multiple) {
    throw new Impossible(`${describe(list)} lets only one option be chosen`);
  }
  for (const name of options.names) {
    const option = optionOf(list, options.by, name);
    if (option === undefined) return unsatisfied(`the list ${contentOf(list, options.by)}`);
    if (option.matches(":disabled")) return unsatisfied(`the option ${JSON.stringify(name)} is disabled`);
  }
  const hindrance = whyOutOfReach(list, element);
  return hindrance === undefined ? satisfied() : unsatisfied(hindrance);
}

/**
 * Chooses exactly these options. The open list of a drop-down is drawn by the operating system, outside the
 * page and out of reach of pointer input, so the choice is made in the document and announced as the browser does.
 */
export function choose(element: Element, { by, names }: PageOptions): void {
  const list = listOf(element);
  chooseIn(list, new Set(names.map((name) => optionOf(list, by, name))));
}

/**
 * A press on an option of a drop-down list, as {@link choose} makes it.
 *
 * @returns what is left to do, or what keeps people from it, as a clause
 */
export function lookForOption(element: Element, list: HTMLSelectElement): (() => undefined) | string {
  const option = element.closest("option");
  const sight = whyOutOfSight(list, "around");
  if (sight !== undefined) return sight;
  if (option === null) return `${describe(element)} is the heading of options, which no press chooses`;
  if (
    getComputedStyle(option).display === "none" ||
    getComputedStyle(option.parentElement ?? list).display === "none"
  )
    return `${describe(option)} is not visible`;
  if (isDisabled(list)) return `${describe(list)} is disabled`;
  if (option.matches(":disabled")) return `${describe(option)} is disabled`;
  const hindrance = whyOutOfReach(list);
  if (hindrance !== undefined) return hindrance;
  return () => {
    chooseIn(list, new Set([option]));
    return undefined;
  };
}

function chooseIn(list: HTMLSelectElement, wanted: ReadonlySet<HTMLOptionElement | undefined>): void {
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
