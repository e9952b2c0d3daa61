import type { ModifierKey } from "../protocol/commands.js";

/** The keys that are held, for the description of a command: ` with Control+Shift`. */
export function withKeys({ modifiers }: { modifiers?: readonly ModifierKey[] | undefined }): string {
  return modifiers === undefined ? "" : ` with ${modifiers.join("+")}`;
}
