import type { Command } from "../../protocol/commands.js";
import { fieldTarget } from "./finding.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Slot } from "./grammar/phrase.js";
import { action, refusal, rule, type Meaning, type Rule } from "./meaning.js";
import { unclear } from "./targeted-commands.js";
import { TARGET } from "./targets.js";
import { PURPOSE, TIMES } from "./values.js";

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
    rightarrow: "ArrowRight",
    leftarrow: "ArrowLeft",
    uparrow: "ArrowUp",
    downarrow: "ArrowDown",
    arrowright: "ArrowRight",
    arrowleft: "ArrowLeft",
    arrowup: "ArrowUp",
    arrowdown: "ArrowDown",
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

const CHORD = /^((?:(?:ctrl|control|alt|option|shift|cmd|command|meta|windows|win) ?[+-] ?)+)(.+)$/i;

/** Codes of keys, as some feature files give them. */
const CODES: Record<string, string> = {
  ...{
    "8": "Backspace",
    "9": "Tab",
    "13": "Enter",
    "27": "Escape",
    "32": "Space",
    "37": "ArrowLeft",
    "38": "ArrowUp",
  },
  ...{ "39": "ArrowRight", "40": "ArrowDown", "46": "Delete" },
};

interface NamedKey {
  keys: string | undefined;
  name: string;
}

/** "Enter", "the Delete key", "Ctrl + A", "CTRL+K (Windows) or CMD+K (Mac)"; a name that may be a key's. */
const KEY: Slot<NamedKey> = {
  name: "key",
  isGreedy: true,
  read(phrase) {
    const words = phrase.words.filter((word) => word !== "the");
    const isCalledKey = /^keys?$/.test(words.at(-1) ?? "") || words[0] === "key";
    const text = phrase.raw
      .replace(/^the /i, "")
      .replace(/^key | keys?$/i, "")
      .trim();
    const quote =
      phrase.length <= 3
        ? /^\uFDD0\d+\uFDD3$/.exec(words.find((word) => !/^keys?$/.test(word)) ?? "")?.[0]
        : undefined;
    if (quote !== undefined) {
      const name = phrase.marking.value(quote);
      const keys = CODES[name] ?? keyOf(name, true);
      if (isCalledKey || CHORD.test(name)) return keys === undefined ? undefined : { keys, name };
      // Other names in quotation marks are those of buttons.
      return keys === undefined ? undefined : { keys: undefined, name };
    }
    const [, windows] =
      /^(.+?) ?\((?:windows|win|pc|windows\/linux|linux)\) (?:or|and|\/) .+? ?\((?:mac|macos|mac os)\)$/i.exec(
        text,
      ) ?? [];
    const keys = keyOf(windows ?? text, isCalledKey);
    if (keys !== undefined) return { keys, name: text };
    return text.toLowerCase() in AMBIGUOUS_KEYS ? { keys, name: text } : undefined;
  },
};

const NOT_A_KEY = (name: string): Meaning => ({
  ...refusal(`it is a key as well as a name: write "the ${name} key" or "the ${name} button"`),
  readings: [`Press the ${name} key`, `Click the "${name}" button`],
});

/** "Press Enter", "Press Ctrl+A in the Search field", "Press the Tab key twice". */
export const PRESSING_KEYS: Rule[] = [
  rule(form`~press|~hit|~push [on] ${KEY}`, ({ keys, name }) =>
    keys === undefined ? NOT_A_KEY(name) : undefined,
  ),
  rule(
    form`~press|~hit|~push|~type|~use|~send [on] ${KEY} ${maybe(TIMES)} (in|inside|on|within|into) ${TARGET} ${maybe(PURPOSE)}`,
    ({ keys }, times, field) => {
      if (keys === undefined) return undefined;
      const fault = unclear(field);
      if (fault !== undefined) return refusal(fault.reason);
      return pressed({ action: "press_key", keys, ...fieldTarget(field) }, times);
    },
  ),
  rule(
    form`~press|~hit|~push|~type|~use|~send [on] ${KEY} [on the keyboard] ${maybe(TIMES)} ${maybe(PURPOSE)}`,
    ({ keys }, times) => (keys === undefined ? undefined : pressed({ action: "press_key", keys }, times)),
  ),
];

function pressed(command: Command, times: number | null): Meaning {
  return action(...Array.from({ length: times ?? 1 }, () => command));
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
