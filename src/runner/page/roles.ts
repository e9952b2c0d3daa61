/**
 * The second script: ARIA roles and accessible names. It is put into a document only once a locator asks for a
 * role there, for it is as large as all the rest.
 *
 * The rules are Playwright's own, from ivya: of the libraries that know them, dom-accessibility-api is half the
 * size, but it takes `<header>` for a banner and `<section>` for a region wherever they are, knows no role of a
 * password field or an `<svg>`, no second role in `role="switch checkbox"` and nothing of shadow roots.
 */
import {
  beginAriaCaches,
  endAriaCaches,
  getAriaRole,
  getElementAccessibleName,
  getElementNameWithoutGenerated,
} from "./ivya/role-utils.js";
import { forgetLabels, labelsOf } from "./labels.ts";
import type { Likeness } from "./likeness.ts";
import { closest, deep, parentElementOf, type Root } from "./tree.ts";

export interface RoleFinder {
  /** @returns the role that a locator's value names; nothing when there is no such role */
  roleOf(value: string): string | undefined;
  /** Elements with the role, without those hidden from everyone, and how well their names match. */
  find(root: Root, role: string, name?: WantedName): Iterable<readonly [Element, Likeness]>;
}

/** The name that is wanted. What it takes to compare texts is in the first script. */
export interface WantedName {
  /** False when no name that contains the text is the wanted one. */
  mayHold(text: string): boolean;
  likenessOf(names: Names): Likeness;
}

export interface Names {
  element: Element;
  /** The accessible name. */
  name: string;
  /** The same without what a style adds. */
  plainName: () => string;
}

declare global {
  var stepwireRoles: RoleFinder | undefined;
}

/** https://www.w3.org/TR/wai-aria-1.2/#role_definitions without the abstract ones, and 1.3's new names. */
const ROLES = new Set(
  `alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox
  complementary contentinfo definition deletion dialog directory document emphasis feed figure form generic grid
  gridcell group heading img insertion link list listbox listitem log main mark marquee math menu menubar menuitem
  menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation progressbar radio
  radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong
  subscript suggestion superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree
  treegrid treeitem`.split(/\s+/),
);

const SYNONYMS: Record<string, string> = { image: "img", none: "presentation" };

function roleOf(value: string): string | undefined {
  const role = value.trim().toLowerCase();
  return SYNONYMS[role] ?? (ROLES.has(role) ? role : undefined);
}

/** Elements that have a role by themselves, for the roles that are asked for most; the others may be any. */
const NATIVE: Record<string, string> = {
  button: "button,input",
  checkbox: "input",
  combobox: "input,select",
  dialog: "dialog",
  heading: "h1,h2,h3,h4,h5,h6",
  img: "img,svg",
  link: "a,area",
  listitem: "li",
  option: "option",
  radio: "input",
  row: "tr",
  textbox: "input,textarea",
};

function* find(root: Root, role: string, name?: WantedName): Generator<readonly [Element, Likeness]> {
  const candidates = Object.hasOwn(NATIVE, role) ? `${NATIVE[role]},[role]` : "*";
  forgetLabels();
  beginAriaCaches();
  try {
    for (const element of deep(root, candidates)) {
      const own = getAriaRole(element);
      if (own === null || (SYNONYMS[own] ?? own) !== role) continue;
      // A name that is made of a text contains it. That is seen at once; the whole name takes styles and more to tell.
      if (name?.mayHold(ownName(element)) === false || isHidden(element)) continue;
      yield [element, name?.likenessOf(namesOf(element)) ?? 2];
    }
  } finally {
    endAriaCaches();
  }
}

function namesOf(element: Element): Names {
  return {
    element,
    name: getElementAccessibleName(element, false),
    plainName: () => getElementNameWithoutGenerated(element),
  };
}

/** The text that is a part of the element's name in any case; empty when that is not plain to see. */
function ownName(element: Element): string {
  if (element.firstElementChild !== null || !element.matches("button,a,h1,h2,h3,h4,h5,h6,[role=button]"))
    return "";
  if (element.hasAttribute("aria-label") || element.hasAttribute("aria-labelledby")) return "";
  return element.shadowRoot || labelsOf(element).length > 0 ? "" : element.textContent;
}

/** True when it is hidden from everyone, as https://www.w3.org/TR/wai-aria-1.2/#tree_exclusion has it. */
function isHidden(element: Element): boolean {
  if (closest(element, '[aria-hidden="true" i]') !== null) return true;
  // The options of a closed list are not drawn, but they are there for assistive technology.
  const drawn = element instanceof HTMLOptionElement ? (element.closest("select") ?? element) : element;
  return !isDrawn(drawn);
}

function isDrawn(element: Element): boolean {
  // An element with `display: contents` has no box of its own, which the browser takes for not being drawn.
  if (getComputedStyle(element).display !== "contents") {
    return element.checkVisibility({ visibilityProperty: true });
  }
  const parent = parentElementOf(element);
  return parent === null || isDrawn(parent);
}

globalThis.stepwireRoles = { roleOf, find };
