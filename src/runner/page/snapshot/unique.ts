import type { Locator } from "../../../protocol/commands/locator.ts";
import { getAriaRole } from "../ivya/role-utils.js";
import { labelsOf } from "../labels.ts";
import { normalize } from "../same-text.ts";
import { deep } from "../tree.ts";

/** The attributes that locators go by, in the order of their worth. */
const ATTRIBUTES = {
  test_id: "data-testid",
  id: "id",
  name: "name",
  placeholder: "placeholder",
  alt: "alt",
  title: "title",
};
type AttributeType = keyof typeof ATTRIBUTES;
const ATTRIBUTE_TYPES = Object.keys(ATTRIBUTES) as AttributeType[]; // Object.keys forgets them.

/** An element that is told apart from all others of its document. */
export interface Named {
  element: Element;
  kind: "control" | "container" | "text";
  /** The accessible name of a control or container, or the text. */
  name: string;
}

/** Tells which locators find one element alone. Everything is counted once, so that a large page takes no longer for each. */
export class UniqueLocators {
  readonly #counts = new Map<string, number>();
  readonly #paths = new Paths();

  /** Counts what the whole document says, seen or not. */
  constructor() {
    for (const element of deep(document, "*")) {
      for (const type of ATTRIBUTE_TYPES) {
        const value = element.getAttribute(ATTRIBUTES[type]);
        if (value !== null) this.#count(type, spelled(type, value));
      }
      const text = element.firstElementChild === null ? textOf(element) : "";
      if (text !== "") this.#count("text", text);
    }
  }

  /** Counts an element by what people see of it. */
  count(named: Named): void {
    for (const [type, value] of perceived(named)) {
      // The text of an element inside is that element's.
      if (type !== "text" || !this.#counts.has(`text ${value}`)) this.#count(type, value);
    }
  }

  #count(type: string, value: string): void {
    const key = `${type} ${value}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  #isOnly(type: string, value: string): boolean {
    return this.#counts.get(`${type} ${value}`) === 1;
  }

  /** Best first. */
  of(named: Named): Locator[] {
    const { element } = named;
    const attribute = (type: AttributeType): Locator[] => {
      const value = element.getAttribute(ATTRIBUTES[type]) ?? "";
      if (normalize(value) === "" || !this.#isOnly(type, spelled(type, value))) return [];
      if (type === "id" && isGenerated(value)) return [];
      return [{ locator_type: type, locator_value: isText(type) ? normalize(value) : value }];
    };
    const seen = new Map(perceived(named));
    const byLook = (type: "label" | "text"): Locator[] => {
      const value = seen.get(type);
      return value !== undefined && this.#isOnly(type, value)
        ? [{ locator_type: type, locator_value: value }]
        : [];
    };
    const locators = [
      ...attribute("test_id"),
      ...attribute("id"),
      ...(element.matches("input,select,textarea,button,iframe,frame") ? attribute("name") : []),
      ...this.#byRole(named),
      ...byLook("label"),
      ...attribute("placeholder"),
      ...byLook("text"),
      ...attribute("alt"),
      ...attribute("title"),
    ];
    const path = this.#paths.to(element);
    return path === undefined ? locators : [...locators, path];
  }

  #byRole({ element, name }: Named): Locator[] {
    const role = getAriaRole(element);
    if (role === null || !this.#isOnly("role", `${role} ${name}`)) return [];
    if (name !== "") return [{ locator_type: "role", locator_value: role, locator_name: name }];
    return this.#isOnly("any", role) ? [{ locator_type: "role", locator_value: role }] : [];
  }
}

/** Texts are compared as people see them, everything else sign by sign. */
function isText(type: AttributeType): boolean {
  return type === "placeholder" || type === "alt" || type === "title";
}

function spelled(type: AttributeType, value: string): string {
  return isText(type) ? normalize(value) : value;
}

/** The ways in which people tell it apart. */
function perceived({ element, kind, name }: Named): [type: string, value: string][] {
  const role = getAriaRole(element);
  const isLabelled =
    kind === "control" && (element.hasAttribute("aria-label") || labelsOf(element).length > 0);
  const text = kind === "container" ? "" : textOf(element);
  return [
    ...(role === null
      ? []
      : ([
          ["role", `${role} ${name}`],
          ["any", role],
        ] as [string, string][])),
    ...(isLabelled && name !== "" ? [["label", name] as [string, string]] : []),
    ...(text === "" ? [] : [["text", text] as [string, string]]),
  ];
}

const MAX_TEXT_LOCATOR = 80;
/** A text without letters, such as a number, is likely to be another one soon. */
const LETTERS = /\p{L}\p{M}*\p{L}/u;

/** The text by which an element may be found; nothing where it is none to last. */
function textOf(element: Element): string {
  if (element.matches("input,select,textarea,option,script,style,title")) return "";
  const text = normalize(element.textContent);
  return text.length <= MAX_TEXT_LOCATOR && LETTERS.test(text) ? text : "";
}

/** An id that a program has made is another one the next time. */
export function isGenerated(id: string): boolean {
  return (
    /\d{3,}|[:.{}]|^[\d_-]|--?\d+$|^(?:react|radix|headlessui|mui|mantine|ember|ext-gen|yui|rc|downshift|chakra|cdk|mat|ng|v-|el-id|tippy|popover|aria)[-_:]?.*\d/i.test(
      id,
    ) ||
    id
      .split(/[-_]/)
      .some(
        (part) =>
          part.length > 4 && /\d/.test(part) && /[a-z]/i.test(part) && /\d[a-z]|[a-z]\d[a-z]/i.test(part),
      )
  );
}

const MAX_DEPTH = 30;

/** The way to an element from the nearest one with an id of its own. */
class Paths {
  /** The steps to the children of an element, all at once. */
  readonly #steps = new Map<Element, Map<Element, string>>();

  /** @returns nothing in a shadow root, where a way is no unique one */
  to(element: Element): Locator | undefined {
    if (element.getRootNode() !== document) return undefined;
    const steps: string[] = [];
    for (let at: Element | null = element; at !== null && steps.length < MAX_DEPTH; at = at.parentElement) {
      const id = at.getAttribute("id") ?? "";
      if (at !== element && id !== "" && !isGenerated(id) && document.getElementById(id) === at) {
        steps.unshift(`#${CSS.escape(id)}`);
        break;
      }
      steps.unshift(this.#stepTo(at));
      if (at === document.body) break;
    }
    return { locator_type: "css", locator_value: steps.join(" > ") };
  }

  #stepTo(element: Element): string {
    const tag = CSS.escape(element.localName);
    const parent = element.parentElement;
    if (parent === null) return tag;
    let steps = this.#steps.get(parent);
    if (steps === undefined) this.#steps.set(parent, (steps = stepsIn(parent)));
    return steps.get(element) ?? tag;
  }
}

function stepsIn(parent: Element): Map<Element, string> {
  const byTag = new Map<string, Element[]>();
  for (const child of parent.children) {
    const alike = byTag.get(child.localName);
    if (alike === undefined) byTag.set(child.localName, [child]);
    else alike.push(child);
  }
  const steps = new Map<Element, string>();
  for (const [name, children] of byTag) {
    const tag = CSS.escape(name);
    for (const [index, child] of children.entries()) {
      steps.set(child, children.length === 1 ? tag : `${tag}:nth-of-type(${index + 1})`);
    }
  }
  return steps;
}
