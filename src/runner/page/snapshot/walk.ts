import type { Locator } from "../../../protocol/commands/locator.ts";
import type { SeenNode } from "../../ports/snapshot.ts";
import type { PartFrame } from "../snapshot-requests.ts";
import { beginAriaCaches, endAriaCaches, getAriaRole, getElementAccessibleName } from "../ivya/role-utils.js";
import { forgetLabels } from "../labels.ts";
import { normalize } from "../same-text.ts";
import { seenText } from "../seen-text.ts";
import { isInSight } from "../sight.ts";
import { firstChildOf, nextSiblingOf } from "../tree.ts";
import { codesOf, hintsOf } from "./hints.ts";
import { containerRoleOf, controlRoleOf } from "./kinds.ts";
import { MAX_TEXT, optionsOf, statesOf, valueOf } from "./states.ts";
import { UniqueLocators, type Named } from "./unique.ts";

/** A part of a document, before it is known which of its locators are unique. */
interface Found extends Named {
  role: string | undefined;
  /** The heading of a part that has no name. */
  title?: string;
  parent: Found | undefined;
  level?: number;
  step?: string;
  /** A text next to a control without a name, or with its placeholder for one. */
  beside?: string;
}

/** Roles of controls in which others may be. */
const HOLDS_CONTROLS = /^(?:clickable|listbox|treeitem|menuitem|combobox)$/;

function holdsControls(element: Element, role: string): boolean {
  if (element instanceof HTMLSelectElement || !HOLDS_CONTROLS.test(role)) return false;
  return element.querySelector("a,button,input,select,textarea,[role]") !== null;
}

/** Elements whose content nobody reads. */
const UNREAD = new Set([
  "script",
  "style",
  "noscript",
  "head",
  "template",
  "canvas",
  "video",
  "audio",
  "object",
  "embed",
]);

/** Everything inside that cannot be told in one text. */
const BREAKS_TEXT =
  "a,button,input,select,textarea,summary,iframe,frame,table,ul,ol,h1,h2,h3,h4,h5,h6,[role],[tabindex],[onclick],p,div,section";

/** Most elements of a document that are looked at. */
const MAX_ELEMENTS = 50_000;

export interface WalkResult {
  nodes: SeenNode[];
  frames: (PartFrame & { element: Element })[];
  leftOut: number;
}

/** Goes through the document as it is drawn. */
export class Walk {
  readonly #found: Found[] = [];
  readonly #frames: { frame: Named; at: number }[] = [];
  readonly #maxNodes: number;
  #left = MAX_ELEMENTS;
  #leftOut = 0;
  /** The text since the last control, and the unnamed box to tick since the last text. */
  #text: string | undefined;
  #box: Found | undefined;

  constructor(maxNodes: number) {
    this.#maxNodes = maxNodes;
  }

  look(): WalkResult {
    forgetLabels();
    beginAriaCaches();
    try {
      // A document without a body is one that is just being made, or no HTML.
      const body = document.body as HTMLElement | null;
      if (body !== null) this.#inside(body, undefined, false);
      return this.#result();
    } finally {
      endAriaCaches();
    }
  }

  #visit(element: Element, parent: Found | undefined, isInControl: boolean, isOneOfMany: boolean): void {
    if (UNREAD.has(element.localName) || this.#left-- <= 0) return;
    if (element.getAttribute("aria-hidden") === "true" || element.hasAttribute("inert")) return;
    const isFileField = element instanceof HTMLInputElement && element.type === "file";
    let known: CSSStyleDeclaration | undefined;
    const style = () => (known ??= getComputedStyle(element));
    if (!element.checkVisibility() && !isFileField && style().display !== "contents") return;
    if (element.localName === "iframe" || element.localName === "frame") {
      if (isInSight(element)) this.#frames.push({ frame: frameOf(element), at: this.#found.length });
      return;
    }
    const role = isInControl ? undefined : controlRoleOf(element, style);
    if (role !== undefined && (isFileField || isInSight(element, "none"))) {
      this.#control(element, role, parent);
      this.#inside(element, parent, !holdsControls(element, role));
    } else if (isInControl) this.#inside(element, parent, true);
    else this.#part(element, parent, isOneOfMany);
  }

  /** A container, a text, or neither. */
  #part(element: Element, parent: Found | undefined, isOneOfMany: boolean): void {
    const heading = getAriaRole(element) === "heading";
    const role = heading ? undefined : containerRoleOf(element);
    if (role !== undefined || isOneOfMany) {
      const isAlike = isOneOfMany || /^(?:row|listitem|article)$/.test(role ?? "");
      const container: Found = {
        element,
        kind: "container",
        role: role ?? "item",
        name: role === undefined ? "" : nameOf(element),
        parent,
        ...(isAlike && { step: stepTo(element) }),
      };
      this.#add(container);
      this.#inside(element, container, false);
      return;
    }
    const isWhole = heading || (hasOwnText(element) && element.querySelector(BREAKS_TEXT) === null);
    if (!isWhole) {
      this.#inside(element, parent, false);
      return;
    }
    const text = cut(normalize(seenText(element)));
    if (text === "") return;
    this.#tell(text, parent, element);
    if (element.querySelector("a,button,input,select,textarea,[role=button]"))
      this.#inside(element, parent, false);
  }

  #inside(element: Element, parent: Found | undefined, isInControl: boolean): void {
    const many = isInControl ? undefined : alikeIn(element);
    for (let child = firstChildOf(element); child !== null; child = nextSiblingOf(child, element)) {
      if (child instanceof Element) {
        this.#visit(child, parent, isInControl, many?.has(child) === true);
      } else if (!isInControl && child instanceof Text) {
        const text = cut(normalize(child.data));
        if (text !== "" && isInSight(element)) this.#tell(text, parent, element, true);
      }
    }
  }

  #control(element: Element, role: string, parent: Found | undefined): void {
    const control: Found = {
      element,
      kind: "control",
      role,
      name: cut(nameOf(element) || ownName(element, role)),
      parent,
    };
    // A placeholder is an example of a value as often as a name: the text before the field is what people call it.
    const isNamed = control.name !== "" && control.name !== cut(placeholderOf(element));
    if (!isNamed && this.#text !== undefined) control.beside = this.#text;
    this.#text = undefined;
    this.#box = !isNamed && /^(?:checkbox|radio|switch)$/.test(role) ? control : undefined;
    this.#add(control);
  }

  #tell(text: string, parent: Found | undefined, element: Element, isPart = false): void {
    const role = getAriaRole(element);
    const isHeading = role === "heading" && !isPart;
    if (this.#box !== undefined) this.#box.beside = text;
    this.#box = undefined;
    this.#text = text;
    this.#add({
      element,
      kind: "text",
      role: isHeading ? "heading" : isPart ? undefined : (role ?? undefined),
      name: text,
      parent,
      ...(isHeading && {
        level: Number(/^h([1-6])$/.exec(element.localName)?.[1] ?? element.getAttribute("aria-level") ?? 2),
      }),
    });
    if (isHeading) nameWith(text, parent);
  }

  #add(found: Found): void {
    if (this.#found.length < this.#maxNodes) this.#found.push(found);
    else this.#leftOut += 1;
  }

  #result(): WalkResult {
    const unique = new UniqueLocators();
    for (const named of [...this.#found, ...this.#frames.map(({ frame }) => frame)]) unique.count(named);
    const refs = new Map(this.#found.map((found, index) => [found, `e${index + 1}`]));
    const nodes = this.#found.map((found) => toNode(found, refs, unique.of(found)));
    return {
      nodes,
      frames: this.#frames.map(({ frame, at }) => ({
        element: frame.element,
        locators: unique.of(frame),
        at,
      })),
      leftOut: this.#leftOut + Math.max(0, -this.#left),
    };
  }
}

function frameOf(element: Element): Named {
  return { element, kind: "container", name: "" };
}

function toNode(found: Found, refs: Map<Found, string>, locators: Locator[]): SeenNode {
  const { element, kind, role = "text", name, title = "", parent, level, step, beside } = found;
  const isControl = kind === "control";
  const value = isControl ? valueOf(element) : undefined;
  const options = isControl ? optionsOf(element) : undefined;
  const hints = isControl ? hintsOf(element, name) : kind === "container" ? codesOf(element) : [];
  if (beside !== undefined) hints.push({ from: "beside", text: beside });
  const parentRef = parent && refs.get(parent);
  return {
    ref: refs.get(found) ?? "",
    kind,
    role: kind === "text" && !SPOKEN.test(role) ? "text" : role,
    name: name || title,
    ...(parentRef !== undefined && { parent: parentRef }),
    states: isControl ? statesWith(element, role) : isModal(element) ? ["modal"] : [],
    ...(level !== undefined && { level }),
    ...(value !== undefined && { value: cut(value) }),
    ...(options !== undefined && { options: options.map(cut) }),
    ...(element instanceof HTMLInputElement && { inputType: element.type }),
    ...(element instanceof HTMLAnchorElement && element.href !== "" && { leadsTo: cut(element.href) }),
    hints,
    locators,
    ...(step !== undefined && { step }),
  };
}

/** Roles of texts that tell something of them. */
const SPOKEN = /^(?:heading|cell|gridcell|columnheader|rowheader|img|caption|term|definition)$/;

function statesWith(element: Element, role: string): SeenNode["states"] {
  const states = statesOf(element, role);
  return role === "file" && !isInSight(element) ? [...states, "unseen"] : states;
}

function isModal(element: Element): boolean {
  return (
    element.getAttribute("aria-modal") === "true" ||
    (element instanceof HTMLDialogElement && element.matches(":modal"))
  );
}

function nameOf(element: Element): string {
  return normalize(getElementAccessibleName(element, false));
}

function placeholderOf(element: Element): string {
  return normalize(element.getAttribute("placeholder") ?? "");
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
}

/** An element with a name of no role is called by what it says. */
function ownName(element: Element, role: string): string {
  return role === "clickable" ? normalize(seenText(element)) : "";
}

/** The first heading in a part without a name is the name that people have for it. */
function nameWith(text: string, parent: Found | undefined): void {
  for (let part = parent; part !== undefined; part = part.parent) {
    if (part.name !== "" || part.title !== undefined || /^(?:row|list|main|banner)$/.test(part.role ?? ""))
      return;
    part.title = text;
    if (/^(?:dialog|alertdialog|region|form|article|item|listitem|tabpanel)$/.test(part.role ?? "")) return;
  }
}

function hasOwnText(element: Element): boolean {
  for (let child = element.firstChild; child !== null; child = child.nextSibling) {
    if (child instanceof Text && child.data.trim() !== "") return true;
  }
  return false;
}

const MIN_ALIKE = 2;

/** Parts of an element that are alike and have something to act on: cards and rows that no role tells of. */
function alikeIn(parent: Element): Set<Element> | undefined {
  if (
    parent.childElementCount < MIN_ALIKE ||
    /^(?:table|tbody|tr|ul|ol|select|form|nav|svg)$/.test(parent.localName)
  )
    return undefined;
  const byKind = new Map<string, Element[]>();
  for (const child of parent.children) {
    const key = kindOfPart(child);
    if (key === undefined) continue;
    const alike = byKind.get(key);
    if (alike === undefined) byKind.set(key, [child]);
    else alike.push(child);
  }
  const many = [...byKind.values()].filter((alike) => alike.length >= MIN_ALIKE).flat();
  return many.length === 0 ? undefined : new Set(many);
}

function kindOfPart(element: Element): string | undefined {
  const first = element.classList[0];
  if (first === undefined || element.childElementCount < 2) return undefined;
  if (/^(?:a|button|label|input|select|option|p|span|h[1-6]|script|style)$/.test(element.localName))
    return undefined;
  return element.querySelector("a,button,input,select,textarea,[role=button],[onclick]") === null
    ? undefined
    : `${element.localName}.${first}`;
}

/** The XPath step that finds it and those alike. */
function stepTo(element: Element): string {
  const role = element.getAttribute("role");
  if (/^(?:tr|li|article)$/.test(element.localName)) return element.localName;
  if (role !== null) return `*[@role='${role.replaceAll("'", "")}']`;
  const first = element.classList[0]?.replaceAll("'", "");
  return first === undefined
    ? element.localName
    : `${element.localName}[contains(concat(' ',normalize-space(@class),' '),' ${first} ')]`;
}
