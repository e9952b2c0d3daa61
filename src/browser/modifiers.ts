import type { ModifierKey } from "../protocol/commands.js";

/** A modifier as keyboards have it. */
export type HeldKey = Exclude<ModifierKey, "ControlOrMeta">;

/** The bits of `modifiers`: https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-dispatchMouseEvent */
const BITS: Record<HeldKey, number> = { Alt: 1, Control: 2, Meta: 4, Shift: 8 };

/**
 * The keys as the browser's machine has them, each of them once.
 *
 * @param isMac whether the browser runs on macOS, whose shortcuts begin with another key
 */
export function keysToHold(keys: readonly ModifierKey[], isMac: boolean): HeldKey[] {
  const held = keys.map((key) => (key === "ControlOrMeta" ? (isMac ? "Meta" : "Control") : key));
  return [...new Set(held)];
}

/** The held keys as DevTools' events of the pointer tell of them. */
export function bitsOf(keys: readonly HeldKey[]): number {
  return keys.reduce((bits, key) => bits | BITS[key], 0);
}
