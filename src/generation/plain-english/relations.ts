import {
  dialogsOf,
  fieldGroupsOf,
  landmark,
  numberedRow,
  rowsOf,
  sectionsOf,
  type Containers,
} from "./containers.js";
import type { DescribedElement, Place } from "./described-element.js";
import { CORE, ORDINALS } from "./elements.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { css } from "./locating.js";
import { ARTICLES, isQuote, NAME, NEVER_IN_NAMES, typeIn } from "./spoken-names.js";

interface Relation {
  within: Containers | undefined;
  /** The words narrow something down, but to nothing that a locator can say: "in the left panel". */
  isLoose?: boolean;
  /** Words for the parts that are meant, for those who see the page. */
  places?: readonly Place[];
}

const placed = (relation: Place["relation"], kindWord: string, name = ""): { places: readonly Place[] } => ({
  places: [{ relation, kindWord, name }],
});

const PAGES =
  /^(?:page|screen|site|website|web ?page|app|application|browser|window|view|webui|ui|system|store|shop|portal)$/;
const SIDES =
  /^(?:top|bottom|upper|lower|left|right|center|centre|middle|left-hand|right-hand|top-left|top-right|bottom-left|bottom-right)$/;
const PLACE_WORDS = /^(?:corner|side|part|section|end|hand|area|edge|lhs|rhs)$/;
/** Menus and lists are often shown elsewhere than in what opens them: such words tell where a person looks. */
const LOOSE_PLACES =
  /^(?:(?:drop-?down|context|action|actions|user|profile|account|burger|hamburger|side|main|navigation|popup|pop-up|kebab|three-dot|overflow)(?: menu)?|menu|drop-?down(?: list| menu)?|list|menu bar|options|suggestions?(?: list)?|results?(?: list)?|search results|navigation panel|lhs|rhs|left panel|right panel|panel|form|table|grid|list of results|(?:left|right|top|main|side)(?:-hand)?(?: side)? (?:menu|panel|navigation|nav|bar|pane))$/;
const ROW_WORDS =
  /^(?:row|table row|line|list item|entry|record|table_row|todo|todo item|task|user|file|folder|employee|order|customer|student)$/;
const CARD_WORDS = /^(?:card|tile|product|item|product card|article|post)$/;
const SECTION_WORDS =
  /^(?:section|form|fieldset|field ?set|panel|region|area|group|block|widget|table|module|box|accordion|tab|list|pane|sidebar|menu|toolbar|drop-?down(?: list| menu)?|filter|container|navigation|header|footer|heading)$/;
const DIALOG_WORDS =
  /^(?:dialog(?:ue)?|modal|pop-?up|dialog(?:ue)? box|modal dialog|modal window|window|overlay|drawer)$/;

const MAX_RELATION_WORDS = 18;
/** The words that such a part of a sentence begins with. */
const PLACING =
  /^(?:using|via|through|next|beside|alongside|near|for|of|with|containing|under|below|on|in|at|from|inside|within|to)$/;

/** Where on the page something is: "in the row of “Ada”", "on the login page". */
export const RELATION: Slot<Relation> = {
  name: "where",
  isGreedy: false,
  read(phrase) {
    if (phrase.length > MAX_RELATION_WORDS || !PLACING.test(phrase.words[0] ?? "")) return undefined;
    for (let at = 2; at < phrase.length; at += 1) {
      const [first, rest] = [phrase.part(0, at).read(ONE_RELATION), phrase.part(at).read(RELATION)];
      // A part of a part has no one locator, unless one of both only tells what a person looks at.
      if (first && rest && !(first.within && rest.within)) {
        const places = [...(first.places ?? []), ...(rest.places ?? [])];
        return {
          within: first.within ?? rest.within,
          isLoose: first.isLoose ?? rest.isLoose ?? false,
          places,
        };
      }
    }
    return phrase.read(ONE_RELATION);
  },
};

/** The place behind a value: "in the billing section" of "Paris in the billing section". */
export function placeBehind(value: Phrase): Phrase | undefined {
  for (let at = 1; at < value.length - 2; at += 1) {
    const tail = value.part(at);
    if (PLACE_BEHIND.test(tail.words.join(" "))) return tail;
  }
  return undefined;
}
const PLACE_BEHIND =
  /^(?:in|on|at|under|below|inside|within|from|next to|beside) (?:the|this|that|your|its) (?:\S+ ){0,3}(?:section|form|page|screen|dialog(?:ue)?|modal|pop-?up|window|table|row|column|cell|panel|tab|list|card|header|footer|side ?bar|menu|area|group|field(?:set)?|box)$/;

const ONE_RELATION: Slot<Relation> = {
  isGreedy: false,
  read(phrase) {
    const { words } = phrase;
    const [first = "", second = ""] = words;
    if (/^(?:using|via|through)$/.test(first)) return pagePlace(phrase.part(1));
    if (first === "next" && second === "to") return beside(phrase.part(2));
    if (/^(?:beside|alongside|near)$/.test(first)) return beside(phrase.part(1));
    if (/^(?:for|of|with|containing)$/.test(first)) return ownedBy(phrase.part(1));
    if (first === "under" || first === "below") {
      const field = phrase.part(1).read(CORE);
      return (
        (field && fieldGroup(field)) ?? container(phrase.part(1), true) ?? loosely(pagePlace(phrase.part(1)))
      );
    }
    if (!/^(?:on|in|at|of|from|inside|within|to)$/.test(first)) return undefined;
    // "to see the “Users” page" is a purpose.
    if (first === "to" && !ARTICLES.has(second)) return undefined;
    return pagePlace(phrase.part(1)) ?? container(phrase.part(1), false);
  },
};

function loosely(relation: Relation | undefined): Relation | undefined {
  return relation && { ...relation, isLoose: true };
}

/** "the page", "the login page", "the top right corner of the page": words that narrow nothing down. */
function pagePlace(phrase: Phrase): Relation | undefined {
  const { words } = phrase;
  const hasArticle = ARTICLES.has(words[0] ?? "") || words[0] === "an" || words[0] === "a";
  const rest = hasArticle ? words.slice(1) : words;
  const last = rest.at(-1) ?? "";
  if (rest.length === 0 || rest.length > 5) return undefined;
  if (
    PAGES.test(last) &&
    !SIDES.test(rest[0] ?? "") &&
    rest.slice(0, -1).every(isPartOfName) &&
    (hasArticle || rest.length > 1 || last === "screen")
  )
    return { within: undefined };
  const isLoose = LOOSE_PLACES.test(rest.join(" ")) && hasArticle;
  if (isLoose || (/^[lr]hs$/.test(last) && rest.length === 1))
    return { within: undefined, isLoose: true, ...placed("in", rest.join(" ")) };
  const side = rest.findIndex((word) => !SIDES.test(word) && !PLACE_WORDS.test(word));
  if (SIDES.test(rest[0] ?? "")) {
    if (side === -1) return { within: undefined, isLoose: true };
    if (rest[side] === "of") {
      const of = phrase.part(side + 1 + (hasArticle ? 1 : 0));
      return loosely(pagePlace(of) ?? container(of, false));
    }
  }
  return undefined;
}

function isPartOfName(word: string): boolean {
  return /^[\p{L}\p{N}'&-]+$/u.test(word) || isQuote(word);
}

function beside(phrase: Phrase): Relation | undefined {
  const name = quotedIn(phrase);
  if (name !== undefined) return { within: rowsOf(name), ...placed("beside", "", name) };
  const core = phrase.read(CORE);
  const group = core && fieldGroup(core);
  if (group !== undefined) return group;
  if (core === undefined || core.isIndefinite || core.locator !== undefined) return undefined;
  // "next to the employee name" tells of a text, and not what it says.
  const isText = core.isQuoted || /^[\p{Lu}\d]/u.test(core.name);
  return isText ? { within: rowsOf(core.name), ...placed("beside", core.kindWord, core.name) } : undefined;
}

/** "the Email field": with its label, hint and error. */
function fieldGroup({ kind, name, locator }: DescribedElement): Relation | undefined {
  return kind === "field" && name !== "" && locator === undefined
    ? { within: fieldGroupsOf(name), ...placed("beside", "field", name) }
    : undefined;
}

/** `the tag "red"`, `"red"`: a quotation with at most two words that say what it is. */
function quotedIn(phrase: Phrase): string | undefined {
  const quote = phrase.part(phrase.length - 1);
  const nouns = phrase.words.slice(ARTICLES.has(phrase.words[0] ?? "") ? 1 : 0, -1);
  if (!isQuote(quote.words[0] ?? "") || nouns.length > 2) return undefined;
  return nouns.every((word) => /^[\p{L}-]+$/u.test(word) && !NEVER_IN_NAMES.test(word))
    ? phrase.marking.value(quote.text)
    : undefined;
}

/** "the Delete button for “Ada”": the row of something with a quoted name. */
function ownedBy(phrase: Phrase): Relation | undefined {
  const core = phrase.read(CORE);
  const group = core && fieldGroup(core);
  if (group !== undefined) return group;
  if (core?.isQuoted !== true || core.name === "" || core.locator !== undefined) return undefined;
  const isRowLike =
    core.kind === undefined || ROW_WORDS.test(core.kindWord) || CARD_WORDS.test(core.kindWord);
  return isRowLike
    ? {
        within: rowsOf(core.name, CARD_WORDS.test(core.kindWord) ? "card" : "row"),
        ...placed("beside", core.kindWord, core.name),
      }
    : undefined;
}

/** A named part of the page: "the “Users” table", "the row of “Ada”", `"Ada" "table_row"`. */
function container(phrase: Phrase, isUnder: boolean): Relation | undefined {
  const locator = phrase.marking.locator(phrase.text);
  if (locator !== undefined && phrase.length <= 2) return { within: [locator] };
  const { words } = phrase;
  const bare = phrase.part(ARTICLES.has(words[0] ?? "") ? 1 : 0);
  const known = landmark(bare.words.join(" "));
  const relation = isUnder ? "under" : "in";
  if (known !== undefined) return { within: known, ...placed(relation, bare.words.join(" ")) };
  const [, ordinal] =
    /^(\S+) (?:table )?row(?: (?:of|in) the (?:table|list|grid))?$/.exec(bare.words.join(" ")) ?? [];
  const number = ordinal === undefined ? undefined : ORDINALS[ordinal];
  if (number !== undefined) return { within: numberedRow(number), ...placed(relation, bare.words.join(" ")) };
  for (let size = Math.min(2, bare.length - 1); size > 0; size -= 1) {
    for (const [kind, named] of [
      [bare.part(-size + bare.length), bare.part(0, bare.length - size)],
      [bare.part(0, size), withoutOf(bare.part(size))],
    ] as const) {
      const kindWord = kind.words.join(" ");
      const name = nameIn(named);
      const within = containersOf(kindWord, name);
      if (within !== undefined && name !== undefined) return { within, ...placed(relation, kindWord, name) };
    }
  }
  return behatContainer(bare) ?? plainContainer(bare, isUnder);
}

function behatContainer(phrase: Phrase): Relation | undefined {
  const type = phrase.length === 2 ? typeIn(phrase.part(1)) : undefined;
  // Every product has further types of its own, such as "core_reportbuilder > Filter".
  const isOwnType = phrase.length === 2 && isQuote(phrase.words[1] ?? "");
  const name = type === undefined && !isOwnType ? undefined : nameIn(phrase.part(0, 1));
  if (name === undefined) return undefined;
  if (type === "css" || type === "xpath") return { within: [{ locator_type: type, locator_value: name }] };
  if (type === "row") return { within: rowsOf(name), ...placed("in", "row", name) };
  return { within: [...dialogsOf(name).slice(0, 1), ...sectionsOf(name)], ...placed("in", "", name) };
}

/** `in "User One"`: whatever part of the page it may be. `in the ".region th" element` is a selector. */
function plainContainer(phrase: Phrase, isUnder: boolean): Relation | undefined {
  const name = phrase.length === 1 && isQuote(phrase.words[0] ?? "") ? nameIn(phrase) : undefined;
  if (phrase.length === 2 && phrase.words[1] === "element") {
    const selector = nameIn(phrase.part(0, 1));
    return selector === undefined || !/[.#[>]/.test(selector) ? undefined : { within: [css(selector)] };
  }
  if (name === undefined) return undefined;
  const within = isUnder ? sectionsOf(name) : [...sectionsOf(name).slice(0, 1), ...rowsOf(name)];
  return { within, ...placed(isUnder ? "under" : "in", "", name) };
}

function containersOf(kind: string, name: string | undefined): Containers | undefined {
  if (name === undefined) return undefined;
  if (ROW_WORDS.test(kind)) return rowsOf(name);
  if (CARD_WORDS.test(kind)) return rowsOf(name, "card");
  if (DIALOG_WORDS.test(kind)) return dialogsOf(name);
  return SECTION_WORDS.test(kind) ? sectionsOf(name) : undefined;
}

const OF =
  /^(?:of|for|with|containing|named|called|titled|labell?ed|where|showing|that|which|contains?|says|has|name|title|text|the|user|item|is)$/;

function withoutOf(phrase: Phrase): Phrase {
  let start = 0;
  while (start < phrase.length - 1 && OF.test(phrase.wordAt(phrase.from + start))) start += 1;
  return phrase.part(start);
}

/** A name alone: a quotation, or words that begin with a capital. */
function nameIn(phrase: Phrase): string | undefined {
  const words = phrase.part(ARTICLES.has(phrase.words[0] ?? "") ? 1 : 0);
  if (words.length === 1 && isQuote(words.words[0] ?? "")) return words.marking.value(words.text);
  const name = words.read(NAME);
  return name !== undefined && /^[\p{Lu}\p{N}]/u.test(name) ? name : undefined;
}
