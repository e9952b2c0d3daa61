import type { Command } from "../../protocol/commands.js";
import { fieldTarget } from "./finding.js";
import { action, refusal, type Meaning, type Rule } from "./meaning.js";
import { unclear } from "./targeted-commands.js";
import { readTarget } from "./targets.js";
import { startingWith, verbs } from "./words.js";

/** A person's names for keys, and theirs in the protocol. */
const KEYS: Record<string, string> = {
  ...{ enter: "Enter", tab: "Tab", esc: "Escape", escape: "Escape", backspace: "Backspace" },
  ...{ space: "Space", spacebar: "Space", "space bar": "Space", insert: "Insert" },
  ...{ "page up": "PageUp", pageup: "PageUp", "page down": "PageDown", pagedown: "PageDown" },
  ...{
    "arrow up": "ArrowUp",
    "arrow down": "ArrowDown",
    "arrow left": "ArrowLeft",
    "arrow right": "ArrowRight",
  },
  ...{
    "up arrow": "ArrowUp",
    "down arrow": "ArrowDown",
    "left arrow": "ArrowLeft",
    "right arrow": "ArrowRight",
  },
};

/** Keys that share their name with common buttons: they are keys only with the word "key". */
const AMBIGUOUS_KEYS: Record<string, string> = {
  ...{ return: "Enter", delete: "Delete", del: "Delete", home: "Home", end: "End" },
  ...{ up: "ArrowUp", down: "ArrowDown", left: "ArrowLeft", right: "ArrowRight" },
};

const MODIFIERS: Record<string, string> = {
  ...{ ctrl: "Control", control: "Control", alt: "Alt", option: "Alt", shift: "Shift" },
  ...{ cmd: "Meta", command: "Meta", meta: "Meta", windows: "Meta", win: "Meta" },
};

const PRESS = startingWith(
  `${verbs("press", "hit", "push", "type", "use")} (?:on )?(?:the )?(.+?)(?: (once|twice|three times|\\d{1,2} times))?(?: (?:in|inside|on|within) (?:the )?(.+?))?$`,
);
const COUNTS: Record<string, number> = { once: 1, twice: 2, "three times": 3 };
const CHORD = /^((?:(?:ctrl|control|alt|option|shift|cmd|command|meta|windows|win) ?[+-] ?)+)(.+)$/i;

/** "Press Enter", "Press Ctrl+A in the Search field", "Press the Tab key twice". */
export const pressKey: Rule = (clause, { marking }) => {
  const [, words = "", times = "once", place] = PRESS.exec(clause) ?? [];
  const isCalledKey = / keys?$/i.test(words);
  const named = words.replace(/ keys?$/i, "").trim();
  const keys = keyOf(named, isCalledKey);
  if (keys === undefined) {
    return named.toLowerCase() in AMBIGUOUS_KEYS && /^(?:press|hit|push)/i.test(clause) && place === undefined
      ? refusal(`it is a key as well as a name: write "the ${named} key" or "the ${named} button"`)
      : undefined;
  }
  let target: Partial<ReturnType<typeof fieldTarget>> = {};
  if (place !== undefined) {
    const field = readTarget(place, marking);
    const fault = unclear(field);
    if (fault !== undefined) return refusal(fault.reason);
    target = fieldTarget(field);
  }
  return pressed(
    { action: "press_key", keys, ...target },
    COUNTS[times.toLowerCase()] ?? Number.parseInt(times, 10),
  );
};

function pressed(command: Command, times: number): Meaning {
  return action(...Array.from({ length: times }, () => command));
}

function keyOf(words: string, isCalledKey: boolean): string | undefined {
  const [, held, last] = CHORD.exec(words) ?? [];
  if (held !== undefined && last !== undefined) {
    const key = /^[\p{L}\p{N}]$/u.test(last) ? last.toUpperCase() : keyOf(last, true);
    const modifiers = held.toLowerCase().match(/[a-z]+/g) ?? [];
    return key === undefined ? undefined : [...modifiers.map((name) => MODIFIERS[name]), key].join("+");
  }
  const name = words.toLowerCase();
  if (/^f(?:[1-9]|1[0-2])$/.test(name)) return name.toUpperCase();
  return KEYS[name] ?? (isCalledKey ? AMBIGUOUS_KEYS[name] : undefined);
}
