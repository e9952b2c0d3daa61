import type { Locator } from "../../protocol/commands.js";

const CSS = /^(?:[a-z][\w-]*)?(?:[#.][A-Za-z_][\w-]*|\[[^\]]+\])\S*(?: ?[ >+~] ?\S+)*$/;

/** The selector that the quoted name of an "element" is, as `"#save"`, `"li.result"`, `"//a[1]"`. */
export function selectorIn(text: string): Locator | undefined {
  if (/^\(?\/\/[\w*]/.test(text)) return { locator_type: "xpath", locator_value: text };
  if (/^#[A-Za-z_][\w-]*$/.test(text)) return { locator_type: "id", locator_value: text.slice(1) };
  return CSS.test(text) ? { locator_type: "css", locator_value: text } : undefined;
}
