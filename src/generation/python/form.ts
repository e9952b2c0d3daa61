import type { CommandOf, Target } from "../../protocol/commands.js";
import { find } from "./elements.js";
import type { Renderers } from "./renderers.js";
import { comment, literal, quoted } from "./text.js";

/** The names that Selenium's `Keys` has for keys. */
const KEYS: Record<string, string> = {
  ...{ enter: "ENTER", return: "ENTER", tab: "TAB", escape: "ESCAPE", esc: "ESCAPE", space: "SPACE" },
  ...{ backspace: "BACKSPACE", delete: "DELETE", del: "DELETE", insert: "INSERT", home: "HOME", end: "END" },
  ...{ pageup: "PAGE_UP", pagedown: "PAGE_DOWN", up: "ARROW_UP", down: "ARROW_DOWN" },
  ...{ left: "ARROW_LEFT", right: "ARROW_RIGHT", arrowup: "ARROW_UP", arrowdown: "ARROW_DOWN" },
  ...{ arrowleft: "ARROW_LEFT", arrowright: "ARROW_RIGHT" },
  ...{ control: "CONTROL", ctrl: "CONTROL", shift: "SHIFT", alt: "ALT", option: "ALT" },
  ...{ meta: "META", cmd: "META", command: "META" },
};

export const form: Renderers<"form"> = {
  input: (command) => [`element = ${find(command)}`, "element.clear()", ...typed("element", command)],
  type_text: (command) => typed("driver.switch_to.active_element", command),
  clear: (command) => [`${find(command)}.clear()`],
  press_key: ({ locator_type, locator_value, keys, ...command }) => {
    const place =
      locator_type === undefined || locator_value === undefined
        ? "driver.switch_to.active_element"
        : find({ ...command, locator_type, locator_value });
    return [`${place}.send_keys(${keysOf(keys).join(", ")})`];
  },
  select,
  check: (command) => ticked(command, "if not element.is_selected():"),
  uncheck: (command) => ticked(command, "if element.is_selected():"),
  upload_file: ({ file, ...command }) => [
    `${find(command)}.send_keys(${[file].flat().map(literal).join(' + "\\n" + ')})`,
  ],
  focus: (command) => [
    comment(`Gives the focus to ${withoutFilling(command)}; Selenium has no command for it.`),
  ],
  blur: (command) => [
    comment(`Takes the focus away from ${withoutFilling(command)}; Selenium has no command for it.`),
  ],
  edit_content: (command) => [
    `element = ${find(command)}`,
    'element.send_keys(Keys.CONTROL, "a")',
    ...typed("element", command),
  ],
  submit: (command) => [`${find(command)}.submit()`],
};

/** Keys of a text, which Selenium sends one by one where there is a time between them. */
function typed(place: string, { text, delay = 0 }: { text: string; delay?: number | undefined }): string[] {
  if (delay === 0) return [`${place}.send_keys(${literal(text)})`];
  return [`for key in ${literal(text)}:`, `    ${place}.send_keys(key)`, `    time.sleep(${delay / 1000})`];
}

function keysOf(keys: string): string[] {
  const parts = keys.length > 1 ? keys.split(/(?<=[^+])\+/) : [keys];
  const isChord = parts.length > 1;
  return parts.map((part) => {
    const name = part.toLowerCase();
    if (Object.hasOwn(KEYS, name)) return `Keys.${KEYS[name] ?? ""}`;
    if (/^f(?:[1-9]|1[0-2])$/.test(name)) return `Keys.${part.toUpperCase()}`;
    return isChord && part.length === 1 ? quoted(name) : literal(part);
  });
}

function select({ label, value, index, ...command }: CommandOf<"select">): string[] {
  const chosen = [
    ...several(label).map((text) => `select_by_visible_text(${literal(text)})`),
    ...several(value).map((text) => `select_by_value(${literal(text)})`),
    ...several(index).map((place) => `select_by_index(${place})`),
  ];
  const list = `Select(${find(command)})`;
  if (chosen.length === 1) return [`${list}.${chosen[0] ?? ""}`];
  return [`select = ${list}`, "select.deselect_all()", ...chosen.map((choice) => `select.${choice}`)];
}

function several<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : ([value].flat() as T[]);
}

function ticked(command: Target & { timeout?: number | undefined }, condition: string): string[] {
  return [`element = ${find(command)}`, condition, "    element.click()"];
}

/** An element, as words of a comment. */
function withoutFilling({ locator_type, locator_value, locator_name }: Target): string {
  return [locator_type, locator_value, locator_name].filter((word) => word !== undefined).join(" ");
}
