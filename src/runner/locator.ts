import type { LocatorType } from "../protocol/commands.js";
import type { PageLocator } from "./page/requests.js";

interface Targeted {
  locator_type: LocatorType;
  locator_value: string;
}

export function locatorOf(command: Targeted): PageLocator {
  return { type: command.locator_type, value: command.locator_value };
}

/** Longest locator in a message, in characters. */
const SHOWN = 120;

/** A locator as people read it: `id 'login'`. */
export function describeLocator({ locator_type, locator_value }: Targeted): string {
  const value = locator_value.length > SHOWN ? `${locator_value.slice(0, SHOWN - 1)}…` : locator_value;
  return `${locator_type} '${value}'`;
}
