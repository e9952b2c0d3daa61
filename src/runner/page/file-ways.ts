import type { FileWay } from "./requests.ts";

/** Elements that people press. */
const BUTTONS =
  "button,a[href],label,summary,input:is([type=button],[type=submit],[type=image],[type=reset])," +
  "[role=button],[role=link],[role=menuitem],[role=tab],[role=option]";
/** Elements that take texts and choices. */
const FIELDS = "input,textarea,select,option,[contenteditable]:not([contenteditable=false])";

export function fileWayOf(element: Element): FileWay {
  if (element instanceof HTMLInputElement && element.type === "file") return "field";
  // A label, icon or text inside a button is pressed with it.
  if (element.closest(BUTTONS) !== null) return "chooser";
  return element.matches(FIELDS) ? "none" : "zone";
}
