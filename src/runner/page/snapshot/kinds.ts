import { getAriaRole } from "../ivya/role-utils.js";
import { parentElementOf } from "../tree.ts";

/** Roles of elements that people act on. */
const ACTED_ON = new Set(
  `button link checkbox radio switch textbox searchbox combobox listbox option menuitem menuitemcheckbox
  menuitemradio tab treeitem slider spinbutton`.split(/\s+/),
);

/** Roles of elements that hold others together. */
const HOLDING = new Set(
  `dialog alertdialog table grid treegrid row list listitem article region form group radiogroup tabpanel navigation
  banner contentinfo main complementary search toolbar menu menubar tablist listbox tree alert status log feed
  figure`.split(/\s+/),
);

/** Elements that hold others together whatever their role: without a name, a section has none. */
const HOLDING_TAGS = new Set([
  "section",
  "form",
  "fieldset",
  "details",
  "dialog",
  "aside",
  "header",
  "footer",
  "nav",
]);

const MAY_BE_CLICKED = "[onclick],[tabindex]:not([tabindex='-1'])";

/** The role of an element that people act on; nothing for any other. */
export function controlRoleOf(element: Element, style: () => CSSStyleDeclaration): string | undefined {
  if (element instanceof HTMLInputElement && element.type === "file") return "file";
  const role = getAriaRole(element);
  if (role !== null && ACTED_ON.has(role)) return role;
  if (element instanceof HTMLInputElement && element.type !== "hidden") return role ?? "textbox";
  if (element.localName === "summary") return "button";
  if (element instanceof HTMLElement && element.isContentEditable && !isInEditor(element)) return "textbox";
  if (element.localName === "label" || role === "row" || role === "cell") return undefined;
  return element.matches(MAY_BE_CLICKED) || beginsPointer(element, style()) ? "clickable" : undefined;
}

function isInEditor(element: Element): boolean {
  const { parentElement } = element;
  return parentElement instanceof HTMLElement && parentElement.isContentEditable;
}

/** The pointer tells people where a click does something; it is the same for all that is inside. */
function beginsPointer(element: Element, style: CSSStyleDeclaration): boolean {
  if (style.cursor !== "pointer") return false;
  const parent = parentElementOf(element);
  return parent !== null && getComputedStyle(parent).cursor !== "pointer";
}

/** The role of an element that holds others together; nothing for any other. */
export function containerRoleOf(element: Element): string | undefined {
  const role = getAriaRole(element);
  if (role !== null && HOLDING.has(role)) return role;
  if (HOLDING_TAGS.has(element.localName)) return element.localName === "section" ? "region" : "group";
  return undefined;
}
