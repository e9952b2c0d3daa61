import type { Locator, LocatorType } from "../../protocol/commands.js";
import { LOCATOR_MARK, QUOTED, type Marked, type Marking } from "./marking.js";

/** The kinds of element that a description names, each with its words. */
const KIND_WORDS = {
  button: "buttons?|btn",
  link: "links?|hyperlink",
  checkbox: "check ?box|tick ?box",
  radio: "radio(?: button)?",
  switch: "switch|toggle",
  list: "drop-?down(?: list| menu| box)?|select(?: box| list| menu)?|combo ?box|list ?box|list|picker|selector",
  field: "(?:text |input |edit |entry )?(?:fields?|box)|text ?box|text ?area|input(?: area)?",
  image: "image|picture|logo|photo",
  heading: "heading",
  tab: "tab",
  menu: "menu(?: item| entry)?",
  icon: "icon",
  option: "option",
  other: "entry|item|card|tile",
} as const;

export type TargetKind = keyof typeof KIND_WORDS;

const KINDS = Object.values(KIND_WORDS).join("|");

/** An element as a description tells of it. */
export interface DescribedElement {
  /** `undefined` where the description does not say what kind of element it is. */
  kind: TargetKind | undefined;
  /** Empty where it has no name, as in "the button". */
  name: string;
  /** The name with the word for its kind: "Add item" may be an item called Add, or a button called "Add item". */
  fullName: string;
  isQuoted: boolean;
  /** A locator that the description spells out. */
  locator: Locator | undefined;
  /** The author's own words for it. */
  words: string;
}

const ARTICLE = /^(?:the|a|an|my|your|its|his|her|their|this|that) /i;
const PLACE =
  / (?:on|in|at|of|from|inside|within) (?:the|this|that) (?:[\w'-]+ ){0,3}(?:page|screen|form|dialog|pop-?up|modal|window|header|footer|side ?bar|navigation|nav ?bar|tool ?bar|menu bar|top|bottom|corner|section|site|app|application|browser)$/i;
const ATTRIBUTE = new RegExp(
  `^(?:${KINDS}|element) (?:with|having|whose) (?:the |an? )?(id|name|class|label|text|title|placeholder|value|caption|(?:data-)?test[- ]?id)(?: is| of|:)? (.+)$`,
  "i",
);
const KIND_FIRST = new RegExp(
  `^(${KINDS}) (?:(?:which |that )?(?:is )?(?:labell?ed|called|named|titled|marked|saying|reading|says|for|with)(?: as)? )?(.+)$`,
  "i",
);
const KIND_LAST = new RegExp(`^(.+?) (${KINDS})$`, "i");
const KIND_AFTER_QUOTE = new RegExp(`^(${QUOTED}) (${KINDS})\\b`, "i");
const KIND_ALONE = new RegExp(`^(?:${KINDS})$`, "i");
/** Words for a kind that are names too, as in "Click the menu". */
const NAMES = new Set<TargetKind>(["image", "tab", "menu", "icon", "option", "other"]);
const ONLY_A_LOCATOR = new RegExp(`${LOCATOR_MARK}|^${QUOTED}$`);

/** `name` is not among them: for a person, the name of a button is what it says. */
const EXACT_ATTRIBUTE: Record<string, LocatorType> = { id: "id", class: "class", placeholder: "placeholder" };

/** Reads "the Login button", "link called Products", "field with id user", `#login`. */
export function readTarget(text: Marked, marking: Marking): DescribedElement {
  const words = text.trim().replace(/[!?]+$/, "");
  const bare = withoutArticle(withoutPlace(words));
  const target = {
    words: marking.raw(words),
    fullName: marking.value(bare),
    isQuoted: false,
    locator: undefined,
  };

  const locator = ONLY_A_LOCATOR.test(bare) ? marking.locator(bare) : undefined;
  if (locator !== undefined) return { ...target, kind: kindIn(bare), name: target.fullName, locator };

  const [, attribute = "", attributeValue] = ATTRIBUTE.exec(bare) ?? [];
  if (attributeValue !== undefined) {
    const name = marking.value(attributeValue);
    const type = /test/i.test(attribute) ? "test_id" : EXACT_ATTRIBUTE[attribute.toLowerCase()];
    const byAttribute = type === undefined ? undefined : { locator_type: type, locator_value: name };
    return { ...target, kind: kindIn(bare), name, fullName: name, isQuoted: true, locator: byAttribute };
  }
  const hasArticle = ARTICLE.test(words);
  if (KIND_ALONE.test(bare) && (hasArticle || isSmall(bare))) {
    const kind = kindOf(bare);
    return { ...target, kind, name: kind !== undefined && NAMES.has(kind) ? target.fullName : "" };
  }
  const named = (name: Marked, kind?: TargetKind): DescribedElement => {
    const isQuoted = name.includes("\uFDD0");
    const value = marking.value(withoutArticle(name)).trim();
    return { ...target, kind, name: value, fullName: isQuoted ? value : target.fullName, isQuoted };
  };
  const [, nameBefore, kindAfter = ""] = KIND_AFTER_QUOTE.exec(bare) ?? KIND_LAST.exec(bare) ?? [];
  if (nameBefore !== undefined && isKindWord(kindAfter, hasArticle))
    return named(nameBefore, kindOf(kindAfter));
  const [, kindBefore = "", nameAfter] = KIND_FIRST.exec(bare) ?? [];
  if (nameAfter !== undefined && isSmall(kindBefore)) return named(nameAfter, kindOf(kindBefore));
  return named(bare);
}

const OFTEN_CAPITALISED = new Set<TargetKind>(["field", "list", "checkbox", "radio", "switch"]);

/** "Upload Image" and "Option A" are names; "Login Button" and "the Size Dropdown" end in a kind. */
function isKindWord(word: string, hasArticle: boolean): boolean {
  if (isSmall(word)) return true;
  const kind = kindOf(word);
  return (
    kind === "button" || kind === "link" || (hasArticle && kind !== undefined && OFTEN_CAPITALISED.has(kind))
  );
}

function isSmall(word: string): boolean {
  return /^\p{Ll}/u.test(word);
}

/** Tells if the target is a password's field, whose value must not be shown. */
export function isPassword({ name, locator }: DescribedElement): boolean {
  return (
    /pass ?(?:word|code|phrase)|passwd|pwd/i.test(`${name} ${locator?.locator_value ?? ""}`) ||
    /^pin$/i.test(name)
  );
}

export function withoutArticle(text: Marked): Marked {
  return text.replace(ARTICLE, "");
}

/** Drops "… on the login page": no command can use it, and it is not part of a name. */
export function withoutPlace(text: Marked): Marked {
  return text.replace(PLACE, "");
}

export function kindOf(words: string): TargetKind | undefined {
  for (const [kind, pattern] of Object.entries(KIND_WORDS)) {
    // Object.entries forgets the keys of KIND_WORDS.
    if (new RegExp(`^(?:${pattern})$`, "i").test(words)) return kind as TargetKind;
  }
  return undefined;
}

function kindIn(text: Marked): TargetKind | undefined {
  const words = new RegExp(`\\b(${KINDS})\\b`, "i").exec(text)?.[1];
  return words === undefined ? undefined : kindOf(words);
}
