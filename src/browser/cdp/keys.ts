import type { Key } from "../../runner/ports.js";

/** A key as `Input.dispatchKeyEvent` takes it. */
export interface KeyStroke {
  key: string;
  /** Its place on a US keyboard; empty for a character that has none there. */
  code: string;
  windowsVirtualKeyCode: number;
  /** 0 anywhere, 1 left, 2 right, 3 on the number pad. */
  location: number;
  /** The text that it types; empty for a key that types nothing. */
  text: string;
}

/** The bits of `modifiers`: https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-dispatchKeyEvent */
const MODIFIERS: Partial<Record<Key, number>> = { Alt: 1, Control: 2, Meta: 4, Shift: 8 };
const SHIFT = 8;

/** Keys that are no characters: code, virtual key code, location, text. */
const NAMED: Record<Key, [code: string, keyCode: number, location?: number, text?: string]> = {
  Alt: ["AltLeft", 18, 1],
  Control: ["ControlLeft", 17, 1],
  Meta: ["MetaLeft", 91, 1],
  Shift: ["ShiftLeft", 16, 1],
  Enter: ["Enter", 13, 0, "\r"],
  Tab: ["Tab", 9],
  Escape: ["Escape", 27],
  Backspace: ["Backspace", 8],
  Delete: ["Delete", 46],
  Insert: ["Insert", 45],
  Home: ["Home", 36],
  End: ["End", 35],
  PageUp: ["PageUp", 33],
  PageDown: ["PageDown", 34],
  ArrowLeft: ["ArrowLeft", 37],
  ArrowUp: ["ArrowUp", 38],
  ArrowRight: ["ArrowRight", 39],
  ArrowDown: ["ArrowDown", 40],
  ContextMenu: ["ContextMenu", 93],
  CapsLock: ["CapsLock", 20],
  NumLock: ["NumLock", 144],
  ScrollLock: ["ScrollLock", 145],
  Pause: ["Pause", 19],
  PrintScreen: ["PrintScreen", 44],
  ...Object.fromEntries(
    Array.from({ length: 24 }, (_, index) => [`F${index + 1}`, [`F${index + 1}`, 112 + index]]),
  ),
};

/** Punctuation of a US keyboard: without and with Shift, code, virtual key code. */
const PUNCTUATION: [plain: string, shifted: string, code: string, keyCode: number][] = [
  ["`", "~", "Backquote", 192],
  ["-", "_", "Minus", 189],
  ["=", "+", "Equal", 187],
  ["[", "{", "BracketLeft", 219],
  ["]", "}", "BracketRight", 221],
  ["\\", "|", "Backslash", 220],
  [";", ":", "Semicolon", 186],
  ["'", '"', "Quote", 222],
  [",", "<", "Comma", 188],
  [".", ">", "Period", 190],
  ["/", "?", "Slash", 191],
  [" ", " ", "Space", 32],
];

const DIGITS = ")!@#$%^&*(";

/** Each character of the keyboard, with the one that the same key types while Shift is held. */
const CHARACTERS = new Map<string, { code: string; keyCode: number; shifted: string }>();
const addKey = (plain: string, shifted: string, code: string, keyCode: number) => {
  CHARACTERS.set(plain, { code, keyCode, shifted });
  CHARACTERS.set(shifted, { code, keyCode, shifted });
};
for (const [digit, shifted] of Array.from(DIGITS).entries()) {
  addKey(String(digit), shifted, `Digit${digit}`, 48 + digit);
}
for (let keyCode = 65; keyCode <= 90; keyCode++) {
  const letter = String.fromCharCode(keyCode);
  addKey(letter.toLowerCase(), letter, `Key${letter}`, keyCode);
}
for (const row of PUNCTUATION) addKey(...row);

/** Line ends are Enter, and a tab is the Tab key. */
const TYPED: Record<string, Key> = { "\n": "Enter", "\t": "Tab" };

/** The strokes that type a text. */
export function strokesOf(text: string): KeyStroke[] {
  return Array.from(text.replace(/\r\n?/g, "\n"), (character) => strokeOf(TYPED[character] ?? character));
}

/** A key pressed by itself. A character that the keyboard lacks comes as from an input method: text without a place. */
function strokeOf(key: Key): KeyStroke {
  const named = NAMED[key];
  if (named) {
    const [code, windowsVirtualKeyCode, location = 0, text = ""] = named;
    return { key, code, windowsVirtualKeyCode, location, text };
  }
  const character = CHARACTERS.get(key);
  const { code, keyCode } = character ?? { code: "", keyCode: 0 };
  return { key, code, windowsVirtualKeyCode: keyCode, location: 0, text: key };
}

/** A key going down or up, with the modifiers held at that moment. */
export type KeyEvent = KeyStroke & {
  type: "keyDown" | "rawKeyDown" | "keyUp";
  modifiers: number;
  commands?: string[];
};

/**
 * The events of keys that go down and up one after the other. Shift is held for capitals and signs that are typed with
 * it, through as many as follow each other: a page may take a capital without Shift for a Caps Lock that is on.
 */
export function typingEvents(strokes: readonly KeyStroke[]): KeyEvent[] {
  const shift = strokeOf("Shift");
  const events: KeyEvent[] = [];
  let held = 0;
  for (const stroke of strokes) {
    const wanted = isShifted(stroke) ? SHIFT : 0;
    if (wanted > held) events.push(downOf(shift, SHIFT));
    if (wanted < held) events.push(upOf(shift, 0));
    held = wanted;
    events.push(downOf(stroke, held), upOf(stroke, held));
  }
  if (held === SHIFT) events.push(upOf(shift, 0));
  return events;
}

/** True for a character that is typed with Shift; also for a capital of another keyboard than the US one. */
function isShifted({ key, text }: KeyStroke): boolean {
  if (text !== key) return false;
  const character = CHARACTERS.get(key);
  if (character === undefined) return key !== key.toLowerCase();
  return character.shifted === key && key !== " ";
}

/**
 * Holds every key but the last, presses the last, and lets go of all.
 *
 * @param isMac whether shortcuts have to name the command that they stand for, which macOS finds elsewhere
 */
export function chordEvents(keys: readonly Key[], isMac: boolean): KeyEvent[] {
  let held = 0;
  const strokes: KeyStroke[] = [];
  const downs: KeyEvent[] = [];
  for (const key of keys) {
    const stroke = strokeOf((held & SHIFT) === 0 ? key : (CHARACTERS.get(key)?.shifted ?? key));
    held |= MODIFIERS[key] ?? 0;
    strokes.push(stroke);
    downs.push(downOf(stroke, held));
  }
  const [command] = isMac ? commandOf(keys) : [];
  const last = downs.at(-1);
  if (command !== undefined && last) last.commands = [command];
  const ups = strokes.toReversed().map((stroke) => {
    held &= ~(MODIFIERS[stroke.key] ?? 0);
    return upOf(stroke, held);
  });
  return [...downs, ...ups];
}

function downOf(stroke: KeyStroke, modifiers: number): KeyEvent {
  // With Control, Alt or Meta a key is a shortcut and types nothing.
  const text = (modifiers & ~SHIFT) === 0 ? stroke.text : "";
  return { ...stroke, text, modifiers, type: text === "" ? "rawKeyDown" : "keyDown" };
}

function upOf(stroke: KeyStroke, modifiers: number): KeyEvent {
  return { ...stroke, text: "", modifiers, type: "keyUp" };
}

const MAC_COMMANDS: Record<string, string> = {
  "Meta+a": "selectAll",
  "Meta+c": "copy",
  "Meta+v": "paste",
  "Meta+x": "cut",
  "Meta+z": "undo",
  "Meta+Shift+Z": "redo",
};

function commandOf(keys: readonly Key[]): string[] {
  const command = MAC_COMMANDS[keys.join("+")];
  return command === undefined ? [] : [command];
}
