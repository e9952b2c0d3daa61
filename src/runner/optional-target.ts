import type { Target } from "../protocol/commands.js";

/** The element of a command that may also do without one; its schema refuses half a locator. */
export function targetIn(command: { [F in keyof Target]?: Target[F] | undefined }): Target | undefined {
  const { locator_type, locator_value, ...rest } = command;
  if (locator_type === undefined || locator_value === undefined) return undefined;
  return { locator_type, locator_value, ...rest };
}
