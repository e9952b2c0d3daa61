import type { Locator, Target } from "../protocol/commands/locator.js";
import type { PageLocator, PageTarget } from "./page/requests.js";

/** The target of a command, as the script in the page takes it. */
export function targetOf(command: Target): PageTarget {
  const { alternatives, strict } = command;
  return {
    locator: pageLocatorOf(command),
    ...(strict === undefined ? {} : { strict }),
    ...(alternatives === undefined ? {} : { alternatives: alternatives.map(pageLocatorOf) }),
  };
}

/** A locator as the script in the page takes it. */
export function pageLocatorOf(locator: Locator): PageLocator {
  const { locator_type, locator_value, locator_name, exact, nth, within } = locator;
  return {
    type: locator_type,
    value: locator_value,
    ...(locator_name === undefined ? {} : { name: locator_name }),
    ...(exact === undefined ? {} : { exact }),
    ...(nth === undefined ? {} : { nth }),
    ...(within === undefined ? {} : { within: pageLocatorOf(within) }),
  };
}

/** Longest value in a message, in characters. */
const SHOWN = 120;

/** A locator as people read it: `id 'login'`, `role button 'Save' number 2 in css '.dialog'`. */
export function describeLocator(locator: Locator): string {
  return describePageLocator(pageLocatorOf(locator));
}

export function describePageLocator({ type, value, name, nth, within }: PageLocator): string {
  const words = type === "role" ? [type, shorten(value)] : [type, quote(value)];
  if (type === "role" && name !== undefined) words.push(quote(name));
  if (nth !== undefined) words.push(nthInWords(nth));
  if (within !== undefined) words.push("in", describePageLocator(within));
  return words.join(" ");
}

function nthInWords(nth: number): string {
  if (nth >= 0) return `number ${nth + 1}`;
  return nth === -1 ? "(the last)" : `number ${-nth} from the end`;
}

function quote(text: string): string {
  return `'${shorten(text)}'`;
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}
