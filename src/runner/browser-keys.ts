import type { Key } from "./ports.js";
import type { ZoomStep } from "./zoom.js";

/** An effect of keys that belong to the browser; `none` for those that do nothing here. */
export type BrowserKey = "reload" | "back" | "forward" | ZoomStep | "none";

const RELOADS = /^(?:(?:(?:Control|Shift)\+)?F5|(?:Control|Meta)\+(?:Shift\+)?R)$/i;
const GOES_BACK = /^(?:Alt\+ArrowLeft|Meta\+\[)$/;
const GOES_FORWARD = /^(?:Alt\+ArrowRight|Meta\+\])$/;
/** The sign + is on the key of = on many keyboards, and _ on that of -. */
const ZOOMS_IN = /^(?:Control|Meta)\+(?:Shift\+)?[+=]$/;
const ZOOMS_OUT = /^(?:Control|Meta)\+(?:Shift\+)?[-_]$/;
const ZOOMS_BACK = /^(?:Control|Meta)\+0$/;
/** Tabs and windows, search, print, save, developer tools, and the like. */
const BELONGS_TO_BROWSER =
  /^(?:(?:Control|Meta)\+(?:Shift\+)?(?:[0-9TNWPFGHJLDSOUQ]|Tab|PageUp|PageDown|F4)|F(?:1|3|6|7|11|12)|Alt\+(?:F4|Home|D))$/i;

/** The effect that keys have in a browser where the page lets them have it; nothing for keys of the page alone. */
export function browserKeyOf(keys: readonly Key[]): BrowserKey | undefined {
  const chord = keys.join("+");
  if (RELOADS.test(chord)) return "reload";
  if (GOES_BACK.test(chord)) return "back";
  if (GOES_FORWARD.test(chord)) return "forward";
  if (ZOOMS_IN.test(chord)) return "zoom-in";
  if (ZOOMS_OUT.test(chord)) return "zoom-out";
  if (ZOOMS_BACK.test(chord)) return "zoom-reset";
  return BELONGS_TO_BROWSER.test(chord) ? "none" : undefined;
}
