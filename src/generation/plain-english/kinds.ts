/** The kinds of element that a description names, each with its words. */
const KIND_WORDS = {
  button: "(?:push )?buttons?|btn|cta",
  link: "links?|hyper ?link|breadcrumb",
  checkbox: "(?:check|tick) ?box(?:es)?|check ?mark",
  radio: "radio(?: button| option)?s?",
  switch: "switch|toggle(?: switch| button)?|slider switch",
  list: "(?:single ?|multi ?)?(?:select|drop-?down)(?: list| menu| box| field)?s?|combo ?box(?:es)?|list ?box|list|picker|selector",
  field:
    "(?:text |input |edit |entry )?(?:fields?|box)|text ?box(?:es)?|text ?area|(?:text )?input(?: area| box| ?field)?",
  image: "image|picture|logo|photo|img",
  heading: "(?:sub-?)?heading|headline",
  tab: "tab(?: link)?",
  menu: "menu(?: item| entry| option| link)?",
  icon: "icon|symbol",
  option: "option",
  other:
    "entry|item|card|tile|section|module|panel|area|folder|file|channel|board|accordion|block|badge|chip|element|node|filter|cell|column|category|product|article|post|page link|tool ?tip|widget|swatch|step|arrow|message|label|title|text|row|record|tag|comment|task|todo|table row|region|navigation item|sub-?menu|(?:column|table) header|header cell|sign",
} as const;

export type TargetKind = keyof typeof KIND_WORDS;

const PATTERNS = Object.entries(KIND_WORDS).map(
  // Object.entries forgets the keys of KIND_WORDS.
  ([kind, words]) => [kind as TargetKind, new RegExp(`^(?:${words})$`, "i")] as const,
);

/** Most words in the name of a kind. */
export const MAX_KIND_WORDS = 3;

/** The kind that words stand for, as "drop-down list". */
export function kindOf(words: string): TargetKind | undefined {
  return PATTERNS.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Words before a kind that tell more of it, where the name is in quotation marks: "the “Active” filter link". */
const MODIFIERS =
  /^(?:menu|navigation|nav|filter|header|footer|side ?bar|submit|action|search|auto-?complete|password|number|date|main|primary|secondary|small|large|big|blue|red|green|grey|gray|white|black|orange|yellow|corresponding|new|required|mandatory|optional|text|radio|toggle|dropdown|drop-down|form|dialog|modal|toolbar|table|list|section|page|product|social) /i;

/** As {@link kindOf}, for the words after a name in quotation marks. */
export function kindAfterQuote(words: string): TargetKind | undefined {
  return kindOf(words) ?? (MODIFIERS.test(words) ? kindAfterQuote(words.replace(MODIFIERS, "")) : undefined);
}

/** Words that are a part of a name as often as they stand for a kind: "Add item". */
export function isPerhapsNamed(kindWord: string): boolean {
  return /^(?:entry|item|card|tile|product|category|article|post|message|label|title|text|step|block|element|column|row)$/.test(
    kindWord,
  );
}

/** Types of element as Behat's steps quote them: `"Save" "button"`. */
const QUOTED_TYPES: Record<string, TargetKind | "row" | "container" | "text" | "css" | "xpath"> = {
  ...{ button: "button", link: "link", checkbox: "checkbox", radio: "radio", field: "field", select: "list" },
  ...{ link_or_button: "other", file: "other", icon: "icon", image: "image", heading: "heading", tab: "tab" },
  ...{ menuitem: "menu", option: "option", actionmenu: "menu", text: "text", optgroup: "option" },
  ...{ table_row: "row", list_item: "row", row: "row", css_element: "css", xpath_element: "xpath" },
  ...{
    dialogue: "container",
    dialog: "container",
    region: "container",
    block: "container",
    table: "container",
  },
  ...{ fieldset: "container", section: "container", form: "container", activity: "container" },
};

export type QuotedType = (typeof QUOTED_TYPES)[string];

export function quotedTypeOf(value: string): QuotedType | undefined {
  const name = value.toLowerCase().replace(/[ -]/g, "_");
  return Object.hasOwn(QUOTED_TYPES, name) ? QUOTED_TYPES[name] : undefined;
}
