import type { Key } from "./ports.js";

/** Keys that change what another key does while they are held. */
const MODIFIERS = ["Control", "Shift", "Alt", "Meta"] as const;

/**
 * Every key of a {@link Key} that is no single character, by its `KeyboardEvent.key`:
 * https://www.w3.org/TR/uievents-key/
 */
export const KEY_NAMES: readonly string[] = [
  ...MODIFIERS,
  "Enter",
  "Tab",
  "Escape",
  "Backspace",
  "Delete",
  "Insert",
  "Home",
  "End",
  "PageUp",
  "PageDown",
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "ContextMenu",
  ...Array.from({ length: 12 }, (_, index) => `F${index + 1}`),
];

/** Other names that people use for a key, in lower case. */
const ALIASES: Record<string, Key> = {
  ctrl: "Control",
  cmd: "Meta",
  command: "Meta",
  option: "Alt",
  esc: "Escape",
  return: "Enter",
  del: "Delete",
  space: " ",
  plus: "+",
  minus: "-",
  up: "ArrowUp",
  down: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
};

const BY_LOWER_CASE = new Map([
  ...KEY_NAMES.map((name) => [name.toLowerCase(), name] as const),
  ...Object.entries(ALIASES),
]);

/**
 * Reads a key or a chord such as `Control+Shift+K`. Letters become what a keyboard would send: upper case with
 * Shift, lower case with any other modifier.
 *
 * @throws Error that names the part that is no key, and the names there are.
 */
export function parseKeys(text: string): Key[] {
  const keys = split(text).map(keyOf);
  const held = keys.slice(0, -1);
  const [last] = keys.slice(-1);
  for (const key of held) {
    if (isModifier(key)) continue;
    throw new Error(`'${key}' cannot be held in a chord; only ${MODIFIERS.join(", ")} can`);
  }
  if (last === undefined || Array.from(last).length !== 1 || held.length === 0) return keys;
  return [...held, held.includes("Shift") ? last.toUpperCase() : last.toLowerCase()];
}

/** Keys that change nothing of a text, alone or with Shift where that only turns the direction or begins a line. */
const MOVES = /^(?:Escape|Arrow\w+|Page\w+|Home|End|ContextMenu|F\d+)$/;
const MOVES_WITH_SHIFT = /^(?:Enter|Tab|Shift)$/;

/** True when keys may change the text that has the focus, mark a part of it, or take a copy. */
export function isEdit(keys: readonly Key[]): boolean {
  const last = keys.at(-1) ?? "";
  const held = keys.slice(0, -1);
  if (MOVES_WITH_SHIFT.test(last)) return held.some((key) => key !== "Shift");
  return held.length > 0 || !MOVES.test(last);
}

/** The parts between plus signs; a plus sign at the very end is the key `+` itself. */
function split(text: string): string[] {
  if (text === "+") return ["+"];
  if (text.endsWith("++")) return [...text.slice(0, -2).split("+"), "+"];
  if (text.endsWith("+")) throw new Error(`'${text}' ends without a key; the key + itself is called Plus`);
  return text.split("+");
}

function keyOf(part: string): Key {
  const name = part.trim() || part; // A single space is a key.
  if (Array.from(name).length === 1) return name;
  const key = BY_LOWER_CASE.get(name.toLowerCase());
  if (key !== undefined) return key;
  throw new Error(
    `'${part}' is no key; a key is a single character, Space, Plus or one of ${KEY_NAMES.join(", ")}`,
  );
}

function isModifier(key: Key): boolean {
  return MODIFIERS.some((modifier) => modifier === key);
}
