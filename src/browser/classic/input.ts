import { PageError, type Key, type Point } from "../../runner/ports.js";
import type { HeldKey } from "../modifiers.js";
import type { MouseAction } from "./pointer-parts.js";

/** Key strokes sent in one command, so that a long text can be cancelled on its way. */
export const KEYS_A_COMMAND = 100;

const BUTTONS = { left: 0, middle: 1, right: 2 } as const;

/** Keys that are no characters: https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEY_CODES: Record<string, string> = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
  Escape: "\uE00C",
  PageUp: "\uE00E",
  PageDown: "\uE00F",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Insert: "\uE016",
  Delete: "\uE017",
  Meta: "\uE03D",
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, String.fromCharCode(0xe031 + index)]),
  ),
};

/** The pointer of a session. */
export class ClassicPointer {
  readonly #comesAnew: boolean;
  /** The pointer's place as the driver knows it. */
  #at: Point = { x: 0, y: 0 };

  /**
   * @param options.comesAnew whether it has to leave a place to come to it again. The standard has a pointer that is
   * there already make no event, not even in a document that has come since:
   * https://www.w3.org/TR/webdriver2/#dfn-perform-a-pointer-move
   */
  constructor({ comesAnew }: { comesAnew: boolean }) {
    this.#comesAnew = comesAnew;
  }

  /**
   * Input as the one source of a `performActions` command.
   *
   * @param place turns a point into the driver's
   * @param from where the pointer is, when it has gone there by another way than the driver
   */
  source(actions: readonly MouseAction[], place: (point: Point) => Point, from?: Point): object {
    const isElsewhere =
      from !== undefined && (Math.round(from.x) !== this.#at.x || Math.round(from.y) !== this.#at.y);
    const start = isElsewhere && actions[0]?.type !== "move" ? this.#move(from) : [];
    return {
      type: "pointer",
      id: "mouse",
      parameters: { pointerType: "mouse" },
      actions: [
        ...start,
        ...actions.flatMap((action) => {
          if (action.type === "move") return this.#move(place(action.to));
          if (action.type === "wheel") return [];
          return { type: `pointer${capital(action.type)}`, button: BUTTONS[action.button] };
        }),
      ],
    };
  }

  /** Turns of the wheel where the pointer is, as the one source of a command. */
  wheelSource(actions: readonly MouseAction[]): object {
    const turns = actions.flatMap((action) => (action.type === "wheel" ? [action.by] : []));
    return {
      type: "wheel",
      id: "wheel",
      actions: turns.map((by) => ({
        type: "scroll",
        ...{ origin: "viewport", duration: 0, ...this.#at, deltaX: by.x, deltaY: by.y },
      })),
    };
  }

  #move(to: Point): object[] {
    // Older drivers take whole numbers only.
    const [x, y] = [Math.round(to.x), Math.round(to.y)];
    const isThere = x === this.#at.x && y === this.#at.y;
    this.#at = { x, y };
    const beside = { x: x > 0 ? x - 1 : 1, y };
    const stops = isThere && this.#comesAnew ? [beside, this.#at] : [this.#at];
    return stops.map((stop) => ({ type: "pointerMove", duration: 0, origin: "viewport", ...stop }));
  }
}

/** The keys that type a text, one after the other. */
export function keyStrokes(text: string): string[] {
  return Array.from(text.replace(/\r\n?/g, "\n"), (character) => {
    if (character === "\n") return codeOf("Enter");
    return character === "\t" ? codeOf("Tab") : character;
  });
}

/**
 * Key strokes for one command. Each key is an input source of its own, all in one tick: sources of a tick are
 * dispatched in order without waiting for each other, which is faster than one source with a tick for every key.
 */
export function typingSources(keys: readonly string[]): object[] {
  return keys.map((value, index) => ({
    type: "key",
    id: `key-${index}`,
    actions: [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ],
  }));
}

/** Holds every key but the last, presses the last, and lets go of all. */
export function chordSource(keys: readonly Key[]): object {
  const codes = keys.map(codeOf);
  return {
    type: "key",
    id: "keyboard",
    actions: [
      ...codes.map((value) => ({ type: "keyDown", value })),
      ...codes.toReversed().map((value) => ({ type: "keyUp", value })),
    ],
  };
}

/** Keys that go down, and stay so until they are let go of. */
export function holdSource(keys: readonly HeldKey[], type: "hold" | "release"): object {
  const actions = keys.map((key) => ({ type: type === "hold" ? "keyDown" : "keyUp", value: codeOf(key) }));
  return { type: "key", id: "keyboard", actions };
}

/** @throws PageError for a key that WebDriver has no code for */
function codeOf(key: Key): string {
  const code = Array.from(key).length === 1 ? key : KEY_CODES[key];
  if (code !== undefined) return code;
  throw new PageError(
    "protocol",
    `classic WebDriver has no key '${key}'; without BROWSER_PROTOCOL=classic there is one`,
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
