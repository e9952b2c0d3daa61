import type { SeenNode } from "../../runner/ports.js";
import type { Intent } from "../plain-english/described-element.js";
import type { TargetKind } from "../plain-english/kinds.js";

/** The fit of an element to the word that a person uses for its kind: a preference, unless only its kind tells it. */
export type Fit = "yes" | "nearly" | "no";

const ROLES: Record<TargetKind, { yes: RegExp; nearly: RegExp }> = {
  button: { yes: /^button$/, nearly: /^(?:link|clickable|menuitem|tab|switch|file|radio)$/ },
  link: { yes: /^link$/, nearly: /^(?:button|clickable|menuitem|tab)$/ },
  checkbox: { yes: /^(?:checkbox|menuitemcheckbox)$/, nearly: /^(?:switch|radio|option)$/ },
  radio: { yes: /^(?:radio|menuitemradio)$/, nearly: /^(?:checkbox|option|tab)$/ },
  switch: { yes: /^switch$/, nearly: /^(?:checkbox|button)$/ },
  field: { yes: /^(?:textbox|searchbox|spinbutton)$/, nearly: /^(?:combobox|slider|file|listbox)$/ },
  list: {
    yes: /^(?:combobox|listbox)$/,
    nearly: /^(?:button|textbox|radiogroup|group|searchbox|clickable|list|menu)$/,
  },
  image: { yes: /^img$/, nearly: /^(?:link|button|clickable)$/ },
  heading: { yes: /^heading$/, nearly: /^text$/ },
  tab: { yes: /^tab$/, nearly: /^(?:link|button|clickable|menuitem|radio)$/ },
  menu: {
    yes: /^(?:menuitem\w*|menu|menubar)$/,
    nearly: /^(?:button|link|tab|treeitem|clickable|navigation|combobox)$/,
  },
  icon: { yes: /^(?:button|img|link|clickable)$/, nearly: /^(?:menuitem|tab|checkbox|switch|file)$/ },
  option: {
    yes: /^(?:option|radio|menuitem\w*|treeitem)$/,
    nearly: /^(?:checkbox|link|button|tab|clickable)$/,
  },
  other: { yes: /^/, nearly: /^/ },
};

/** Kinds of container among the words that stand for anything. */
const CONTAINER_WORDS: [RegExp, RegExp][] = [
  [/^(?:row|table row|record|entry)$/, /^(?:row|listitem|item|article)$/],
  [
    /^(?:item|task|todo|card|tile|product|article|post|comment|message|tag|chip)$/,
    /^(?:listitem|item|article|row|option)$/,
  ],
  [
    /^(?:section|panel|area|region|module|widget|block|accordion)$/,
    /^(?:region|group|form|tabpanel|article|item|button)$/,
  ],
  [/^(?:dialog(?:ue)?|modal|pop-?up)$/, /^(?:dialog|alertdialog)$/],
  [/^(?:table|grid)$/, /^(?:table|grid|treegrid)$/],
  [/^(?:cell)$/, /^(?:cell|gridcell)$/],
  [/^(?:column)$/, /^columnheader$/],
  [/^(?:tool ?tip)$/, /^tooltip$/],
];

export function fitOf(node: SeenNode, kind: TargetKind | undefined, kindWord: string): Fit {
  if (kind === undefined) return "yes";
  if (kind === "other") {
    const roles = CONTAINER_WORDS.find(([word]) => word.test(kindWord))?.[1];
    return roles === undefined || roles.test(node.role) ? "yes" : "nearly";
  }
  if (ROLES[kind].yes.test(node.role)) return "yes";
  return ROLES[kind].nearly.test(node.role) ? "nearly" : "no";
}

/** Kinds whose elements are of use for nothing else: a person who says "checkbox" means no link. */
export const STRICT_KINDS: ReadonlySet<TargetKind> = new Set<TargetKind>([
  "checkbox",
  "radio",
  "switch",
  "field",
  "image",
  "heading",
]);

const EDITABLE = /^(?:textbox|searchbox|spinbutton|combobox)$/;
const TICKED = /^(?:checkbox|radio|switch|menuitemcheckbox|menuitemradio|option)$/;

/** Tells how well an element takes what is to be done with it. */
export function takes(node: SeenNode, intent: Intent): Fit {
  const { kind, role } = node;
  switch (intent) {
    case "type":
      if (kind !== "control" || node.options !== undefined) return "no";
      return EDITABLE.test(role) ? "yes" : role === "slider" ? "nearly" : "no";
    case "select":
      if (kind !== "control") return role === "radiogroup" ? "nearly" : "no";
      if (/^(?:combobox|listbox)$/.test(role)) return "yes";
      return /^(?:button|textbox|searchbox|clickable|radiogroup)$/.test(role) ? "nearly" : "no";
    case "tick":
      if (kind !== "control") return "no";
      return TICKED.test(role)
        ? "yes"
        : /^(?:button|clickable)$/.test(role) && node.states.includes("pressed")
          ? "nearly"
          : "no";
    case "upload":
      return role === "file"
        ? "yes"
        : kind === "control" && /^(?:button|clickable)$/.test(role)
          ? "nearly"
          : "no";
    case "click":
      return kind === "control"
        ? node.states.includes("unseen")
          ? "no"
          : "yes"
        : kind === "text"
          ? "nearly"
          : "no";
    case "point":
      return node.kind === "container" ? "nearly" : "yes";
    case "see":
      return "yes";
  }
}
