import type { LocatorType } from "../../protocol/commands.js";
import { landmark } from "./containers.js";
import type { DescribedElement } from "./described-element.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { isPerhapsNamed, kindAfterQuote, kindOf, MAX_KIND_WORDS, type TargetKind } from "./kinds.js";
import { selectorIn } from "./selectors.js";
import { ARTICLES, isQuote, MAX_SMALL_WORDS, NAME, typeIn } from "./spoken-names.js";
import { beginsDoing } from "./words.js";

export type { DescribedElement } from "./described-element.js";

const SEVERAL = new Set(["all", "each", "every", "both", "another"]);
const INDEFINITE = new Set(["a", "an", "any", "some", "each", "every", "another", "all", "either", "one"]);
/** The numbers of "first" and the like, from 0; -1 is the last. */
export const ORDINALS: Record<string, number> = {
  ...{
    first: 0,
    second: 1,
    third: 2,
    fourth: 3,
    fifth: 4,
    sixth: 5,
    seventh: 6,
    eighth: 7,
    ninth: 8,
    tenth: 9,
  },
  ...{ "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, last: -1 },
};

const ATTRIBUTES =
  /^(?:id|name|class|label|text|title|placeholder|value|caption|(?:data-)?test[- ]?id|testid)$/;
/** `name` is not among them: for a person, the name of a button is what it says. */
const EXACT_ATTRIBUTE: Record<string, LocatorType> = { id: "id", class: "class", placeholder: "placeholder" };
const NAMING = /^(?:labell?ed|called|named|titled|marked|saying|reading|says|for|with|to)$/;
/** Words for a kind that are names too, as in "Click the menu". */
const NAMES = new Set<TargetKind>(["image", "tab", "menu", "icon", "option", "other"]);
const OFTEN_CAPITALISED = new Set<TargetKind>(["field", "list", "checkbox", "radio", "switch"]);

/** A noun phrase without the words that tell where its element is. */
export const CORE: Slot<DescribedElement> = {
  isGreedy: false,
  read(phrase) {
    // "Click A" names something that is called so.
    const first = phrase.length === 1 ? "" : (phrase.words[0] ?? "");
    const hasArticle = ARTICLES.has(first) || INDEFINITE.has(first);
    const isIndefinite = INDEFINITE.has(first);
    // A command acts on one element: "all Delete buttons" would lose the others.
    if (SEVERAL.has(first) && isSmall(phrase.text)) return undefined;
    if (phrase.length === 0) return undefined;
    let bare = phrase.part(hasArticle ? 1 : 0);
    const ordinal = ordinalOf(bare);
    if (ordinal !== undefined) bare = bare.part(1);
    // "the element “Save” button".
    if (bare.words[0] === "element" && isQuote(bare.words[1] ?? "") && bare.length > 2) bare = bare.part(1);
    const reading =
      spelledOut(bare) ??
      apposition(bare) ??
      byAttribute(bare) ??
      numbered(bare) ??
      kindAlone(bare, hasArticle || ordinal !== undefined) ??
      quotedKind(bare) ??
      kindLast(bare, hasArticle || ordinal !== undefined) ??
      kindFirst(bare, hasArticle) ??
      nameAlone(bare, isIndefinite);
    if (reading === undefined) return undefined;
    return {
      kind: undefined,
      name: "",
      fullName: bare.marking.value(bare.text),
      isQuoted: false,
      locator: undefined,
      kindWord: "",
      nth: ordinal,
      within: undefined,
      words: phrase.raw,
      ...(phrase.context.sight && { sight: phrase.context.sight }),
      ...reading,
      isIndefinite:
        isIndefinite && ordinal === undefined && reading.isQuoted !== true && reading.locator === undefined,
    };
  },
};

/** "second", "3rd": from 0. */
export const ORDINAL: Slot<number> = {
  name: "3rd",
  isGreedy: false,
  read: ({ words }) => {
    const number = ORDINALS[words.join(" ")];
    return number === undefined || number < 0 ? undefined : number;
  },
};

/** The number that "the second button" begins with; "first name" and "last name" are names. */
function ordinalOf({ words, text, length }: Phrase): number | undefined {
  const isNumber = length > 1 && words[1] !== "name" && /^\p{Ll}|^\d/u.test(text);
  return isNumber ? ORDINALS[words[0] ?? ""] : undefined;
}

type PartOfCore = Partial<DescribedElement>;

/** `#login`, `the css=.buy button`, `the element with xpath=//a`. */
function spelledOut(bare: Phrase): PartOfCore | undefined {
  const { words, marking } = bare;
  const selector = bare.length === 2 ? ofElement(bare) : undefined;
  if (selector !== undefined) return selector;
  const at = words.findIndex((word) => word.startsWith("\uFDD2"));
  if (at === -1) {
    const locator = bare.length === 1 && isQuote(words[0] ?? "") ? marking.locator(bare.text) : undefined;
    return locator && { locator, name: marking.value(bare.text) };
  }
  const others = [...words.slice(0, at), ...words.slice(at + 1)].join(" ");
  const kind = kindOf(others);
  if (others !== "" && kind === undefined) return undefined;
  const locator = marking.locator(bare.text);
  return locator && { locator, kind, kindWord: others, name: bare.raw };
}

/** `element "#save"`, `"li.result" element`, `inputfield "#name"`. */
function ofElement(bare: Phrase): PartOfCore | undefined {
  const { words, marking } = bare;
  const at = words.findIndex(isQuote);
  const kindWord = words[1 - at] ?? "";
  const kind = kindOf(kindWord);
  const value = at === -1 ? "" : marking.value(bare.part(at, at + 1).text);
  const locator = kind === undefined && kindWord !== "element" ? undefined : selectorIn(value);
  return locator && { locator, kind, kindWord, name: value, fullName: value, isQuoted: true };
}

/** "the board title, Testing": a description, and the name of what it describes. */
function apposition(bare: Phrase): PartOfCore | undefined {
  const at = bare.words.indexOf(",");
  if (at < 1 || at > MAX_SMALL_WORDS || !isSmall(bare.text)) return undefined;
  const kindWord = bare.part(at - 1, at).words.join(" ");
  const kind = kindOf(kindWord);
  const rest = bare.part(at + 1);
  const isName = isQuote(rest.words[0] ?? "") ? rest.length === 1 : /^\p{Lu}/u.test(rest.text);
  const name = isQuote(rest.words[0] ?? "") ? rest.raw : rest.read(NAME);
  if (kind === undefined || !isName || name === undefined || bare.part(0, at).read(NAME) === undefined)
    return undefined;
  return called(rest, { kind, kindWord });
}

/** "field with id user", "the button whose label is Save". */
function byAttribute(bare: Phrase): PartOfCore | undefined {
  for (let size = 1; size <= Math.min(MAX_KIND_WORDS, bare.length - 3); size += 1) {
    const kindWord = bare.part(0, size).words.join(" ");
    const kind = kindOf(kindWord);
    if (kind === undefined && kindWord !== "element") continue;
    let rest = bare.part(size);
    if (!/^(?:with|having|whose|that has|containing)$/.test(rest.words[0] ?? "")) continue;
    rest = rest.part(/^(?:the|an?)$/.test(rest.words[1] ?? "") ? 2 : 1);
    const two = rest.part(0, 2).words.join(" ");
    const length = ATTRIBUTES.test(two) ? 2 : 1;
    const attribute = rest.part(0, length).words.join(" ");
    if (!ATTRIBUTES.test(attribute)) continue;
    rest = rest.part(length);
    if (/^(?:is|of|:)$/.test(rest.words[0] ?? "")) rest = rest.part(1);
    const name = rest.length === 1 ? rest.marking.value(rest.text) : rest.read(NAME);
    if (name === undefined) continue;
    const type = attribute.includes("test") ? "test_id" : EXACT_ATTRIBUTE[attribute];
    const locator = type === undefined ? undefined : { locator_type: type, locator_value: name };
    return { kind, kindWord, name, fullName: name, isQuoted: true, locator };
  }
  return undefined;
}

/** The role that elements of a kind have. */
export const ROLE_OF_KIND: Partial<Record<TargetKind, string>> = {
  ...{
    button: "button",
    link: "link",
    checkbox: "checkbox",
    radio: "radio",
    switch: "switch",
    list: "combobox",
  },
  ...{ field: "textbox", image: "img", heading: "heading", tab: "tab", menu: "menuitem", option: "option" },
};

/** "checkbox 2", "button #1": the number among all of its kind. */
function numbered(bare: Phrase): PartOfCore | undefined {
  if (bare.length < 2) return undefined;
  const number = /^#?(\d{1,3})$/.exec(bare.words.at(-1) ?? "")?.[1];
  const kindWord = bare.part(0, bare.length - 1).words.join(" ");
  const kind = number === undefined ? undefined : kindOf(kindWord);
  const role = kind && ROLE_OF_KIND[kind];
  if (role === undefined || !/^\p{Ll}/u.test(bare.text) || Number(number) < 1) return undefined;
  return {
    kind,
    kindWord,
    name: bare.raw,
    locator: { locator_type: "role", locator_value: role, nth: Number(number) - 1 },
  };
}

function kindAlone(bare: Phrase, hasArticle: boolean): PartOfCore | undefined {
  const kindWord = bare.words.join(" ");
  const kind = bare.length <= MAX_KIND_WORDS ? kindOf(kindWord) : undefined;
  if (kind === undefined || !(hasArticle || isSmall(bare.text))) return undefined;
  return { kind, kindWord, name: NAMES.has(kind) ? bare.raw : "" };
}

/** `"Save" "button"`. */
function quotedKind(bare: Phrase): PartOfCore | undefined {
  const type = bare.length === 2 ? typeIn(bare.part(1)) : undefined;
  if (type === undefined || !isQuote(bare.words[0] ?? "")) return undefined;
  const name = bare.marking.value(bare.part(0, 1).text);
  if (type === "css" || type === "xpath") {
    return { name, fullName: name, isQuoted: true, locator: { locator_type: type, locator_value: name } };
  }
  const kind = type === "row" || type === "container" || type === "text" ? undefined : type;
  return { kind, kindWord: type, name, fullName: name, isQuoted: true };
}

/** Words about an element that no locator says: `the "Save" red button`. */
const TELLING =
  /^(?:main|primary|secondary|small|large|big|blue|red|green|grey|gray|white|black|orange|yellow|corresponding|new) /;

/** "the Login button", "“Save” link". */
function kindLast(bare: Phrase, hasArticle: boolean): PartOfCore | undefined {
  if (isQuote(bare.words[0] ?? "") && bare.length > 1) {
    const kindWord = bare.part(1).words.join(" ");
    const kind = bare.length <= MAX_KIND_WORDS + 2 ? kindAfterQuote(kindWord) : undefined;
    if (kind === undefined) return undefined;
    return { ...called(bare.part(0, 1), { kind, kindWord }), isLoose: TELLING.test(kindWord) };
  }
  for (let size = Math.min(MAX_KIND_WORDS, bare.length - 1); size > 0; size -= 1) {
    const kindPart = bare.part(bare.length - size);
    const kindWord = kindPart.words.join(" ");
    const kind = kindOf(kindWord);
    if (kind === undefined || !isKindWord(kindPart.text, kind, hasArticle)) continue;
    const named = bare.part(0, bare.length - size);
    const name = named.read(NAME);
    if (name === undefined) continue;
    const inBar = ofToolbar(named, { kind, kindWord });
    if (inBar !== undefined) return inBar;
    return { kind, kindWord, name, fullName: kind !== "other" || isPerhapsNamed(kindWord) ? bare.raw : name };
  }
  return undefined;
}

/** "the feedback toolbar button": one of the toolbar. "Show toolbar" is a name. */
function ofToolbar(named: Phrase, kind: Pick<DescribedElement, "kind" | "kindWord">): PartOfCore | undefined {
  const place = named.words.at(-1) ?? "";
  if (place !== "toolbar" || named.length === 1 || beginsDoing(named.text)) return undefined;
  const name = named.part(0, named.length - 1).read(NAME);
  if (name === undefined) return undefined;
  return {
    ...kind,
    ...{ name, fullName: name, within: landmark(place) },
    places: [{ relation: "in", kindWord: place, name: "" }],
  };
}

/** "click button search": kinds whose word, without an article, stands before a name. */
const SPOKEN_FIRST = new Set<TargetKind>(["button", "link", "checkbox"]);

/** "the button labelled Login", "hyperlink “Forgot your password?”". */
function kindFirst(bare: Phrase, hasArticle: boolean): PartOfCore | undefined {
  for (let size = Math.min(MAX_KIND_WORDS, bare.length - 1); size > 0; size -= 1) {
    const kindWord = bare.part(0, size).words.join(" ");
    const kind = kindOf(kindWord);
    let rest = bare.part(size);
    const isOfQuote = rest.length === 1 && isQuote(rest.words[0] ?? "");
    if (kind === undefined || !(isSmall(bare.text) || isOfQuote)) continue;
    if (/^(?:which|that)$/.test(rest.words[0] ?? "") && rest.length > 2) rest = rest.part(1);
    if (rest.words[0] === "is" && rest.length > 2) rest = rest.part(1);
    const naming = rest.words[0] ?? "";
    const isNamed = NAMING.test(naming) && rest.length > 1;
    if (isNamed) rest = rest.part(rest.words[1] === "as" ? 2 : 1);
    if (/^[,:]$/.test(rest.words[0] ?? "")) rest = rest.part(1);
    if (rest.words[0] === "the" && isNamed) rest = rest.part(1);
    const quoted = rest.length === 1 && isQuote(rest.words[0] ?? "");
    // "the title with the right mouse button" has no such name.
    if (/^(?:for|with|to)$/.test(naming) && !quoted && isSmall(rest.text)) continue;
    const name = quoted ? undefined : rest.read(NAME);
    const isNext = size === 1 && !hasArticle && SPOKEN_FIRST.has(kind) && rest.length === 1;
    if (quoted || (name !== undefined && (isNamed || isNext || !isSmall(rest.text))))
      return called(rest, { kind, kindWord });
  }
  return undefined;
}

function called(name: Phrase, kind: Pick<DescribedElement, "kind" | "kindWord">): PartOfCore {
  const isQuoted = isQuote(name.words[0] ?? "");
  const value = name.marking.value(name.text).trim();
  return { ...kind, name: value, fullName: value, isQuoted };
}

function nameAlone(bare: Phrase, isIndefinite: boolean): PartOfCore | undefined {
  if (bare.length === 1 && isQuote(bare.words[0] ?? ""))
    return called(bare, { kind: undefined, kindWord: "" });
  const name = bare.read(NAME);
  return name === undefined || (isIndefinite && isSmall(bare.text) && bare.length > MAX_SMALL_WORDS)
    ? undefined
    : { name, fullName: name };
}

/** "Upload Image" and "Option A" are names; "Login Button" and "the Size Dropdown" end in a kind. */
function isKindWord(word: string, kind: TargetKind, hasArticle: boolean): boolean {
  return isSmall(word) || kind === "button" || kind === "link" || (hasArticle && OFTEN_CAPITALISED.has(kind));
}

function isSmall(word: string): boolean {
  return /^\p{Ll}/u.test(word);
}
