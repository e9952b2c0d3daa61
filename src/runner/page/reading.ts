import { controlOf, describe } from "./element.ts";
import { fileWayOf } from "./file-ways.ts";
import { countOf, matchesOf } from "./locate.ts";
import { chosenNames } from "./options.ts";
import type { Box, PageTarget, Reading, Satisfied } from "./requests.ts";
import { Impossible } from "./results.ts";
import { seenText } from "./seen-text.ts";
import { typedInto } from "./typed-secrets.ts";

/** Reads something of the page that needs no element; nothing for any other reading. */
export function readPage(reading: Reading, target: PageTarget | undefined): string | undefined {
  if (reading.what === "title") return titleOfWindow();
  if (target === undefined) return undefined;
  if (reading.what === "boxes") return JSON.stringify(Array.from(matchesOf(target.locator), boxOf));
  return reading.what === "count" ? String(countOf(target.locator)) : undefined;
}

/** Longest text that is read, in characters: the server compares it, and every other run waits meanwhile. */
const MAX_LENGTH = 2_000_000;

/** @throws Impossible when the element can never have such a thing, or it is too long */
export function readElement(reading: Reading, element: Element): string | null {
  const value = readAny(reading, element);
  if (value === null || value.length <= MAX_LENGTH) return value;
  throw new Impossible(
    `its ${reading.what} has ${value.length} characters, and at most ${MAX_LENGTH} are read`,
  );
}

function readAny(reading: Reading, element: Element): string | null {
  switch (reading.what) {
    case "text":
      return seenText(element);
    case "value":
      return valueOf(element);
    case "attribute":
      return attributeOf(element, reading.name);
    case "css":
      return styleOf(element, reading.name);
    case "file_way":
      return fileWayOf(element);
    case "selected":
      return JSON.stringify(chosenNames(element, reading.by));
    case "box":
      return JSON.stringify(boxOf(element));
    case "boxes":
    case "count":
    case "title":
      throw new Error(`the ${reading.what} is not an element's`);
  }
}

function boxOf(element: Element): Box {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return [left, top, right, bottom];
}

/** The title is the window's, whatever frame is asked, unless the window is of another origin. */
function titleOfWindow(): string {
  try {
    return (top ?? window).document.title.slice(0, MAX_LENGTH);
  } catch {
    return document.title.slice(0, MAX_LENGTH);
  }
}

/** The facts about a reading that stand beside it. */
export type ReadingFacts = Pick<Satisfied, "from" | "isTime">;

export function factsOf(reading: Reading, element: Element): ReadingFacts {
  const from = typedInto(element, reading);
  return { ...(from.length > 0 && { from }), ...(isTime(reading, element) && { isTime: true }) };
}

function isTime(reading: Reading, element: Element): boolean {
  const isOfValue = reading.what === "attribute" && reading.name.toLowerCase() === "value";
  if (reading.what !== "value" && !isOfValue) return false;
  const field = controlOf(element);
  return field instanceof HTMLInputElement && /^(time|datetime-local)$/.test(field.type);
}

/** Types of inputs whose attribute `value` does not follow what they hold; the others have it as a name. */
const WITH_OWN_VALUE = /^(?!(button|submit|reset|image|checkbox|radio|hidden|file)$)/;

/** An attribute as it stands in the document; of those that only say how a field began, what is so now. */
function attributeOf(element: Element, name: string): string | null {
  const attribute = element.getAttribute(name);
  switch (name.toLowerCase()) {
    case "value": {
      if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement)
        return element.value;
      return element instanceof HTMLInputElement && WITH_OWN_VALUE.test(element.type)
        ? element.value
        : attribute;
    }
    case "checked":
      if (!(element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type))) return attribute;
      return element.checked ? (attribute ?? "") : null;
    case "selected":
      if (!(element instanceof HTMLOptionElement)) return attribute;
      return element.selected ? (attribute ?? "") : null;
    default:
      return attribute;
  }
}

function valueOf(element: Element): string {
  const field = controlOf(element);
  if (
    field instanceof HTMLInputElement ||
    field instanceof HTMLTextAreaElement ||
    field instanceof HTMLSelectElement ||
    field instanceof HTMLOutputElement ||
    field instanceof HTMLButtonElement
  ) {
    return field.value;
  }
  if (field instanceof HTMLProgressElement || field instanceof HTMLMeterElement) return String(field.value);
  throw new Impossible(`${describe(element)} is no form field and has no value`);
}

function styleOf(element: Element, property: string): string {
  if (!property.startsWith("--") && !CSS.supports(property, "inherit")) {
    throw new Impossible(`${JSON.stringify(property)} is no CSS property that the browser knows`);
  }
  return getComputedStyle(element).getPropertyValue(property);
}
