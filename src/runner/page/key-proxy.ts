import { describe, hasFocus, isDisabled } from "./element.ts";
import { whyOutOfReach, whyShutOff } from "./reach.ts";
import type { PageResult } from "./requests.ts";
import { satisfied, unsatisfied } from "./results.ts";
import { isInSight, whyOutOfSight } from "./sight.ts";
import { deep } from "./tree.ts";

/**
 * Code editors (Monaco, Ace, CodeMirror 5) draw their text by themselves and take the keys with an element that people
 * do not see: a text area without room, or an element with an `EditContext` (https://www.w3.org/TR/edit-context/).
 * The selection of that element says nothing of what is drawn; only the editor's own keys do.
 */

/** Width or height up to which a text area has no room for a text, in CSS pixels. */
const NO_ROOM = 3;

/** True for an element that takes the keys for an editor which is drawn elsewhere. */
export function isKeyProxy(element: Element): element is HTMLElement {
  if (hasEditContext(element)) return true;
  if (!(element instanceof HTMLTextAreaElement) || element.readOnly || isDisabled(element)) return false;
  return element.checkVisibility({ visibilityProperty: true }) && isUnseen(element);
}

/** The class that not every browser has. */
const { EditContext } = globalThis as { EditContext?: new () => EventTarget };

function hasEditContext(element: Element): boolean {
  return EditContext !== undefined && "editContext" in element && element.editContext instanceof EditContext;
}

function isUnseen(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  const box = element.parentElement?.getBoundingClientRect();
  // CodeMirror 5 has a wide one in a narrow box without height, which hides what is outside of it.
  const isClipped = box?.height === 0 && box.width <= NO_ROOM;
  return isClipped || width <= NO_ROOM || height <= NO_ROOM || getComputedStyle(element).opacity === "0";
}

const OTHER_FIELDS = "input,textarea,[contenteditable]:not([contenteditable=false])";

/** The only element that takes keys for an editor inside another that takes none itself, or that element itself. */
export function keyProxyOf(element: Element): HTMLElement | undefined {
  if (isKeyProxy(element)) return element;
  if (element.matches(OTHER_FIELDS) || (element instanceof HTMLElement && element.isContentEditable)) return;
  const [proxy, ...others] = Array.from(deep(element, "*")).filter(isKeyProxy);
  if (proxy === undefined || others.length > 0) return undefined;
  // A form with an editor in it is no editor.
  const fields = Array.from(deep(element, OTHER_FIELDS)).filter((each) => each !== proxy && !isHidden(each));
  return fields.length > 0 ? undefined : proxy;
}

function isHidden(field: Element): boolean {
  return !isInSight(field) || field.closest("[aria-hidden=true]") !== null;
}

/** Gives an editor the focus; its content has to be selected with its own keys. */
export function prepareEditor(element: Element, proxy: HTMLElement): PageResult {
  const problem = element === proxy ? whyShutOff(proxy) : (whyOutOfSight(element) ?? whyOutOfReach(element));
  if (problem !== undefined) return unsatisfied(problem);
  proxy.focus();
  if (!hasFocus(proxy)) return unsatisfied(`${describe(proxy)} does not take the focus`);
  const isMac = /^mac/i.test(navigator.platform);
  return { ...satisfied(), field: "editor", selectAll: isMac ? ["Meta", "a"] : ["Control", "a"] };
}
