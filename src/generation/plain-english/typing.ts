import type { Script } from "../../protocol/commands.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { LABELLED_VALUES, LIST_LEAD, type LabelledValues } from "./labelled-values.js";
import { problem, refusal, rule, type Meaning, type Problem, type Rule } from "./meaning.js";
import { isOneQuote } from "./marking.js";
import { TABLE } from "./tables.js";
import { clearCommand, focusCommand, inputCommand, selectCommand } from "./targeted-commands.js";
import { fieldTarget } from "./finding.js";
import { NEVER_IN_NAMES } from "./spoken-names.js";
import { readTarget, TARGET } from "./targets.js";
import { RELATION } from "./relations.js";
import type { DescribedElement } from "./elements.js";
import {
  EXAMPLE,
  NUMBER,
  PURPOSE,
  QUOTE,
  REST,
  SHORT_VALUE,
  TOLD,
  VALUE,
  variableOf,
  type DescribedValue,
} from "./values.js";

const KNOWN_FIELD =
  /^(?:user ?name|user ?id|login(?: name)?|e-?mail(?: address)?|(?:new |current |old |confirm )?password|passcode|pass ?phrase|pin|(?:first |last |full |company |middle )?name|phone(?: number)?|city|zip(?: code)?|post(?:al)? ?code|street|address|country|title|quantity|amount|comment|message|subject|search term|otp|code)$/;

/** A field that is known by its usual name. */
const KNOWN: Slot<DescribedElement> = {
  name: "known field",
  isGreedy: true,
  read(phrase) {
    const words = phrase.words.filter(
      (word) => !/^(?:the|my|your|his|her|an?|valid|correct|wrong|incorrect|invalid|field)$/.test(word),
    );
    if (phrase.length > 4 || !KNOWN_FIELD.test(words.join(" "))) return undefined;
    return readTarget(words.join(" "), phrase.context);
  },
};

interface FieldData {
  field: DescribedElement;
  value: DescribedValue;
}

/** "a valid e-mail address", "valid username and password": data for fields that are known by their names. */
const KNOWN_DATA: Slot<FieldData[]> = {
  name: "data",
  isGreedy: true,
  read(phrase) {
    const data: FieldData[] = [];
    const { words } = phrase;
    const lead = words.filter((word) => /^(?:valid|invalid|correct|incorrect|wrong)$/.test(word)).slice(0, 1);
    for (let start = 0, at = 0; at <= words.length; at += 1) {
      if (at < words.length && words[at] !== "and") continue;
      const one = fieldData(phrase.part(start, at), lead);
      if (one === undefined) return undefined;
      data.push(one);
      start = at + 1;
    }
    return data;
  },
};

function fieldData(phrase: Phrase, lead: string[]): FieldData | undefined {
  const value = phrase.read(VALUE);
  if (value?.asks === undefined) return undefined;
  for (let at = 0; at < phrase.length; at += 1) {
    const name = phrase.part(at).words.join(" ");
    const field = KNOWN_FIELD.test(name) ? readTarget(name, phrase.context) : undefined;
    if (field === undefined) continue;
    const asks = at === 0 ? variableOf([...lead, ...phrase.words]) : value.asks;
    return { field, value: { ...value, asks, text: `\${${asks}}` } };
  }
  return undefined;
}

/** "Leave Name and Email blank": two fields, or one with a long name. */
function twoFields({ name, isQuoted, words }: DescribedElement): Problem | undefined {
  const [, one, other] = /^(.+) and (.+)$/.exec(name) ?? [];
  if (isQuoted || one === undefined || other === undefined) return undefined;
  const readings = [`the fields “${one}” and “${other}”`, `the field “${words}”`];
  const reason = `it may be ${readings.join(" or ")}; put each name in quotation marks`;
  return { ...refusal(reason), readings };
}

/** "the Username and Password fields", "Username and Password": each of them. */
const FIELDS: Slot<DescribedElement[]> = {
  name: "fields",
  isGreedy: false,
  read(phrase) {
    const { words, marking, context } = phrase;
    const isPlural = /^(?:fields|inputs|boxes)$/.test(words.at(-1) ?? "");
    if (!words.includes("and")) return undefined;
    const names = phrase
      .part(/^(?:the|both)$/.test(words[0] ?? "") ? 1 : 0, isPlural ? phrase.length - 1 : phrase.length)
      .text.split(/,? and |, ?/);
    const areNames = names.every((name) => isOneQuote(name) || KNOWN_FIELD.test(name.trim().toLowerCase()));
    if (!isPlural && !areNames) return undefined;
    const fields = names.map((name) => readTarget(`${name.trim()} field`, context));
    return fields.every((field) => field !== undefined && field.name !== "" && marking.raw(field.name) !== "")
      ? (fields as DescribedElement[])
      : undefined;
  },
};

function together(meanings: (Meaning | undefined)[]): Meaning | undefined {
  const actions = meanings.flatMap((meaning) => (meaning?.kind === "action" ? [meaning] : []));
  if (actions.length < meanings.length) return meanings.find((meaning) => meaning?.kind !== "action");
  const isPassword = actions.some(({ login }) => login === "password");
  return {
    kind: "action",
    commands: actions.flatMap(({ commands }) => commands),
    asks: actions.flatMap(({ asks = [] }) => asks),
    ...(isPassword && { login: "password" }),
  };
}

function typeInto(described: DescribedElement, value: DescribedValue): Meaning | undefined {
  // "the title": what is typed goes into a field, where "title" alone may be a heading as well.
  const isField =
    described.kind === "other" && described.name === described.kindWord && KNOWN_FIELD.test(described.name);
  const field: DescribedElement = isField ? { ...described, kind: "field" } : described;
  if (field.kind === "list") return selectCommand(field, value);
  if (field.kind !== undefined && NO_FIELDS.has(field.kind) && !field.isQuoted) return undefined;
  if (value.isDoubtful)
    return problem(`put the value in quotation marks: “${value.words}” may say more than the value`);
  if (!described.isQuoted && NO_FIELD_BUT_ITS_PLACE.test(described.name))
    return problem(`it does not say which field of “${described.words}” is meant`);
  return inputCommand(field, forField(value, field));
}

const NO_FIELD_BUT_ITS_PLACE =
  /(?:^| )(?:form|section|dialog(?:ue)?|modal|pop-?up|window|page|table|row|panel)$/i;

const NO_FIELDS = new Set(["button", "link", "checkbox", "radio", "switch", "image", "heading", "icon"]);
const VAGUE =
  /^(?:(?:same|different|new|valid|invalid|other|another|any|some|wrong|correct|random)_)?(?:values?|texts?|data|one|something|anything|information|details|input|it|string|name)$|^(?:same|different|new|valid|invalid|other|another|wrong|correct|random)$/;

function typeAll(list: LabelledValues): Meaning | undefined {
  if (list.kind === "values") return together(list.values.map(({ field, value }) => typeInto(field, value)));
  const { readings } = list;
  const ways = readings.map((one) => `“${one}”`).join(" or ");
  return { ...refusal(`it can be read as ${ways}; put each value in quotation marks`), readings };
}

/** "the same value" and the like are called after their field. */
function forField(value: DescribedValue, field: DescribedElement): DescribedValue {
  if (value.asks === undefined || !VAGUE.test(value.asks)) return value;
  const asks = variableOf([...value.asks.split("_").slice(0, 1), ...field.name.toLowerCase().split(" ")]);
  return { ...value, asks, text: `\${${asks}}` };
}

/** Types what is searched for, and sends it. */
function searchIn(field: DescribedElement, value: DescribedValue): Meaning | undefined {
  if (field.kind !== "field") return undefined;
  const typed = typeInto(field, value);
  if (typed?.kind !== "action") return typed;
  return {
    ...typed,
    commands: [...typed.commands, { action: "press_key", keys: "Enter", ...fieldTarget(field) }],
  };
}

/** "card number", "visit date" before a value: a field with this name. */
const NAMED_FIELD: Slot<DescribedElement> = {
  name: "name",
  isGreedy: true,
  read(phrase) {
    const words = phrase.words.filter(
      (word, index) => index > 0 || !/^(?:the|an?|your|his|her|my)$/.test(word),
    );
    const isName =
      words.length > 0 && words.length <= 4 && words.every((word) => /^[\p{L}][\p{L}'-]*$/u.test(word));
    if (!isName || NO_FIELD.test(words.join(" ")) || words.some((word) => NEVER_IN_NAMES.test(word)))
      return undefined;
    return readTarget(words.at(-1) === "field" ? phrase.text : `${words.join(" ")} field`, phrase.context);
  },
};
/** Nouns that say what a value is, and not where it belongs. */
const NO_FIELD =
  /^(?:(?:following |exact |new |same )?(?:text|value|values|word|words|string|number|date|phrase|characters?|data|keys?|following|url|address|link)|field|in|into|for|to|as|with)$|\b(?:in|into|for|to|as|with|of|and|or)\b/;

/** A word that only a value can be: it has a digit or is an address. */
const CODE: Slot<string> = {
  name: "code",
  isGreedy: false,
  read: (phrase) =>
    phrase.length === 1 && /^[\w.+@%$€£-]*(?:\d|@)[\w.+@%$€£-]*$/u.test(phrase.text)
      ? phrase.text
      : undefined,
};

const told = (text: string): DescribedValue => ({
  text,
  asks: undefined,
  words: text,
  isQuoted: false,
  isExample: true,
});

/** Type, enter, fill, set, clear: a value and a field. */
export const TYPING: Rule[] = [
  rule(form`(~focus [on]|(~put|~place|~set) [the] (focus|cursor) (on|in|into)) ${TARGET}`, (target) =>
    focusCommand(target),
  ),
  rule(
    form`~set|~fill [in|out] [the] (following fields|fields|following) ${maybe(RELATION)} [to|with|with the] [these|the|following] [following] values : ${TABLE}`,
    (_scope, rows) => fillFields(rows),
  ),
  rule(
    form`~fill [in|out] [the|following] [form|following|fields] [with] [the] [following] [values|details|data] : ${TABLE}`,
    (rows) => fillFields(rows),
  ),
  rule(
    form`~type|~enter|~input|~write|~fill|~provide|~specify|~set|~update|~change|~complete|~populate|~use|~add [in|out] ${maybe(LIST_LEAD)} ${LABELLED_VALUES}`,
    (_lead, list) => typeAll(list),
  ),
  rule(
    form`(~type|~enter|~input|~write|~key|~fill|~paste|~put|~insert|~provide|~add) [in|out] ${VALUE} (into|in to) ${TARGET} ${maybe(PURPOSE)}`,
    (value, field) => typeInto(field, value),
  ),
  rule(
    form`(~type|~enter|~input|~write|~key|~fill|~paste|~provide) [in|out] ${VALUE} in ${TARGET} ${maybe(PURPOSE)}`,
    (value, field) => typeInto(field, value),
  ),
  rule(form`(~put|~insert|~place|~set) ${VALUE} (in|in to|on) ${TARGET}`, (value, field) =>
    field.kind === "field" ? typeInto(field, value) : undefined,
  ),
  rule(
    form`in|into|for|at|inside [to] ${TARGET} , (~type|~enter|~input|~write|~paste|~put) [in] ${VALUE}`,
    (field, value) => typeInto(field, value),
  ),
  rule(
    form`~enter|~type|~input|~fill|~provide|~specify|~use [in] ${KNOWN} (as|of|with|to|:|=) ${VALUE}`,
    typeInto,
  ),
  rule(form`~enter|~type|~input|~fill|~provide|~specify|~use [in] ${KNOWN} ${TOLD}`, (field, text) =>
    /^(?:and|or|in|into|field|at|on) /i.test(`${text} `) ? undefined : typeInto(field, told(text)),
  ),
  rule(form`(~use|~type|~enter|~input|~provide|~specify) ${VALUE} (as|for) ${TARGET}`, (value, field) =>
    value.asks !== undefined && field.isQuoted ? undefined : typeInto(field, value),
  ),
  rule(form`~enter|~type|~input|~provide|~specify|~fill [in] ${NAMED_FIELD} [:] ${QUOTE}`, (field, text) =>
    typeInto(field, told(text)),
  ),
  rule(form`~enter|~type|~input|~provide|~specify ${NAMED_FIELD} [:] ${CODE}`, (field, text) =>
    typeInto(field, told(text)),
  ),
  rule(form`~fill in ${QUOTE} for ${TARGET}`, (text, field) =>
    field.isQuoted || field.kind === "field" ? typeInto(field, told(text)) : undefined,
  ),
  rule(form`~set|~add ${QUOTE} to ${TARGET}`, (text, field) =>
    field.kind === "field" ? typeInto(field, told(text)) : undefined,
  ),
  rule(form`~search [for] ${VALUE} (in|using|with|via) ${TARGET}`, (value, field) => searchIn(field, value)),
  rule(form`~fill|~populate|~complete [in|out] ${TARGET} (with|as|=|to) ${SHORT_VALUE}`, (field, value) =>
    typeInto(field, value),
  ),
  rule(form`~enter|~specify|~provide|~name ${TARGET} (as|with|:) ${SHORT_VALUE}`, (field, value) =>
    // `Enter "x" as the title …`: the quotation is the value there.
    value.asks !== undefined && field.isQuoted ? undefined : typeInto(field, value),
  ),
  rule(
    form`~set|~change|~update|~edit|~modify|~overwrite|~specify|~rename ${TARGET} (to|as|with|=|to be) ${SHORT_VALUE}`,
    (field, value) => typeInto(field, value),
  ),
  rule(
    form`~set|~change|~update|~edit|~modify the value of ${TARGET} (to|as|with) ${SHORT_VALUE}`,
    (field, value) => typeInto(field, value),
  ),
  rule(form`~set|~change|~update ${TARGET} from ${VALUE} to ${SHORT_VALUE}`, (field, _before, value) =>
    typeInto(field, value),
  ),
  rule(
    form`~increase|~decrease|~raise|~reduce|~set|~change [the] [product|item] ${TARGET} to ${NUMBER}`,
    (field, number) => inputCommand(field, { text: String(number), asks: undefined }),
  ),
  rule(form`~enter|~type|~input|~provide|~specify|~fill [in] ${TARGET} ${EXAMPLE}`, (field, text) =>
    typeInto({ ...field, isIndefinite: false }, told(text)),
  ),
  rule(form`${KNOWN} : ${TOLD}`, (field, text) => typeInto(field, told(text))),
  rule(form`${TARGET} : ${QUOTE}`, (field, text) =>
    field.kind === "field" || field.isQuoted ? typeInto(field, told(text)) : undefined,
  ),
  rule(form`~enter|~type|~input|~provide|~fill [in] ${KNOWN_DATA}`, (data) =>
    together(data.map(({ field, value }) => typeInto(field, value))),
  ),
  rule(form`~leave ${FIELDS} (empty|blank|unfilled)`, (fields) => together(fields.map(clearCommand))),
  rule(form`~clear|~empty ${FIELDS}`, (fields) => together(fields.map(clearCommand))),
  rule(form`~leave ${TARGET} (empty|blank|unfilled)`, (field) => twoFields(field) ?? clearCommand(field)),
  rule(form`~delete|~remove [the] (text|content|contents|value) (of|in|from) ${TARGET}`, clearCommand),
  rule(
    form`~replace [the] [text|content|contents|value] (of|in) ${TARGET} (with|by) ${SHORT_VALUE}`,
    typeInto,
  ),
  rule(
    form`~clear|~empty|~erase [out] [the] [content|contents|text|value] [of|in|from] ${TARGET}`,
    (field) => {
      const isField = field.kind === "field" || field.isQuoted || field.locator !== undefined;
      if (isField || KNOWN_FIELD.test(field.name.toLowerCase())) return clearCommand(field);
      return problem('it names no field, such as "Clear the Username field"');
    },
  ),
  rule(form`~type|~enter|~input|~write|~key|~fill|~populate|~paste ${maybe(REST)}`, () =>
    problem('it names no value and field, such as "Type tom into Username"'),
  ),
];

function fillFields(rows: string[][]): Meaning | undefined {
  const commands: Script = [];
  for (const row of rows) {
    const [name, text, ...more] = row;
    if (name === undefined || text === undefined || name === "" || more.length > 0) return undefined;
    // The kind of a field in a table is known to the page alone: the command for fields sets lists, too.
    commands.push({ action: "input", locator_type: "label", locator_value: name, text });
  }
  return commands.length === 0 ? undefined : { kind: "action", commands };
}
