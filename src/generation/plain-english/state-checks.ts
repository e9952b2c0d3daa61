import type { Command } from "../../protocol/commands.js";
import { DOES, IS } from "./being.js";
import { clickTarget, fieldTarget, isTicked, listTarget, tickedTarget } from "./finding.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Slot } from "./grammar/phrase.js";
import { problem, refusal, rule, type Check, type Meaning, type Problem, type Rule } from "./meaning.js";
import { quoted, shown, textOf, together } from "./seen.js";
import { SEVERAL_ELEMENTS } from "./several.js";
import { TABLE } from "./tables.js";
import { unclear } from "./targeted-commands.js";
import { isPassword, TARGET } from "./targets.js";
import type { DescribedElement } from "./elements.js";
import { QUOTE, REST, VALUE, type DescribedValue } from "./values.js";
import { capitalised } from "./words.js";

const STATE_WORDS =
  /^(?:checked|ticked|selected|chosen|picked|unchecked|unticked|unselected|deselected|turned on|turned off|switched on|switched off|on|off|enabled|active|clickable|disabled|inactive|greyed out|grayed out|grey out|gray out|editable|read-?only|empty|blank|cleared|unfilled|visible|shown|displayed|present|hidden|invisible)$/;

/** "checked", "visible and enabled", "on by default". */
const STATES: Slot<string[]> = {
  name: "state",
  isGreedy: true,
  read: ({ words }) => {
    const text = words
      .join(" ")
      .replace(/ by default$/, "")
      .replace(/^by default /, "");
    const states = text.split(/ (?:and|but|,) (?:still |also )?/);
    return words.length > 0 && states.every((state) => STATE_WORDS.test(state)) ? states : undefined;
  },
};

/** "an error message": words that stand for a value without telling it. */
const UNTOLD = /^(?:an?|the|some|any|no|its|his|her|their|my|your) /i;

type Comparison = "is" | "contains" | "starts" | "ends";
const COMPARISONS: Record<string, Comparison> = {
  ...{
    contain: "contains",
    contains: "contains",
    include: "contains",
    includes: "contains",
    containing: "contains",
  },
  ...{ "start with": "starts", "starts with": "starts", "begin with": "starts", "begins with": "starts" },
  ...{ "end with": "ends", "ends with": "ends" },
  ...{
    show: "contains",
    shows: "contains",
    display: "contains",
    displays: "contains",
    say: "contains",
    says: "contains",
  },
  ...{
    read: "is",
    reads: "is",
    equal: "is",
    equals: "is",
    "=": "is",
    "equal to": "is",
    match: "is",
    matches: "is",
  },
  ...{
    "be equal to": "is",
    "is equal to": "is",
    "matches value": "is",
    "match value": "is",
    have: "is",
    has: "is",
  },
};

/** "contains", "is equal to", "starts with". */
export const COMPARES: Slot<Comparison> = {
  name: "compares",
  isGreedy: true,
  read: ({ words }) => COMPARISONS[words.join(" ")],
};

function compare(comparison: Comparison, text: string) {
  if (comparison === "starts") return { match: "regex" as const, text: `^${escaped(text)}` };
  if (comparison === "ends") return { match: "regex" as const, text: `${escaped(text)}$` };
  return { match: comparison === "is" ? ("equals" as const) : ("contains" as const), text };
}

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Words without quotation marks that a field can hold: in "has focus" there are none. */
function isLikelyValue({ isQuoted, text }: DescribedValue): boolean {
  return (
    isQuoted ||
    !/^(?:the )?(?:focus|errors?|contents?|changes?|text|data|items?|results?|options?|icons?)$/.test(text)
  );
}

/** The state or value of a named element. */
export const STATE_CHECKS: Rule[] = [
  rule(
    form`[the] [name|value|text|date|number|e-mail|email|address] ${QUOTE} ${IS} (shown|displayed|entered|filled|pre-filled|prefilled|populated|present|visible) [already] (in|into) ${TARGET}`,
    (text, { not }, field) =>
      field.kind === "field"
        ? holds(
            field,
            { text, asks: undefined, words: text, isQuoted: true, isExample: false },
            { not, comparison: "is" },
          )
        : undefined,
  ),
  rule(
    form`[the] option ${QUOTE} ${IS} (selected|chosen|picked) (in|from|for) ${TARGET}`,
    (option, { not }, list) => selected(list, option, not),
  ),
  rule(form`${VALUE} ${IS} (selected|chosen|picked) (in|from|for|as) ${TARGET}`, (option, { not }, list) =>
    option.asks === undefined ? selected(list, option.text, not) : undefined,
  ),
  rule(
    form`[the] value (of|in) ${TARGET} ${DOES} ${COMPARES} [the] [text|value] ${VALUE}`,
    (field, { not }, comparison, value) => holds(field, value, { not, comparison }),
  ),
  rule(form`[the] value (of|in) ${TARGET} ${IS} [equal to] ${VALUE}`, (field, { not }, value) =>
    holds(field, value, { not, comparison: "is" }),
  ),
  rule(
    form`[the] [following] fields [in|on] [the] [form] ${DOES} (match|matches|have|contain) [these|the|following] [following] values : ${TABLE}`,
    ({ not }, rows) => (not ? undefined : fieldsHold(rows)),
  ),
  rule(form`${TARGET} (exists|appears) and ${IS} ${STATES}`, (target, { not }, states) => {
    const state = inStates(target, states, not);
    const there = shown({ kind: "element", target }, { isSubject: true, presence: "visible" });
    return state?.kind === "check" ? together([there, state]) : state;
  }),
  rule(form`${TARGET} ${IS} ${STATES}`, (target, { not }, states) => inStates(target, states, not)),
  rule(form`${SEVERAL_ELEMENTS} ${IS} ${STATES}`, (targets, { not }, states) => {
    const checks = targets.map((target) => inStates(target, states, not));
    const isOfAll = checks.every((check) => check?.kind === "check" || check?.kind === "problem");
    return isOfAll ? together(checks) : undefined;
  }),
  rule(
    form`${TARGET} ${IS} (set to|filled in with|filled with|populated with|prefilled with|pre-filled with) [the] [text|value] ${VALUE}`,
    (target, { not }, value) =>
      target.kind === "list"
        ? selectedIn(target, value, not)
        : holds(target, value, { not, comparison: "is" }),
  ),
  rule(
    form`${TARGET} ${DOES} (has|have|keep|keeps|retain|retains) [the] [same] (value|text|content) [of|:|=] ${VALUE}`,
    (field, { not }, value) =>
      field.locator !== undefined && field.kind !== "field"
        ? textIs(field, value, { not, comparison: "is" })
        : holds(field, value, { not, comparison: "is" }),
  ),
  rule(
    form`${TARGET} ${DOES} ${COMPARES} [the] [text|value|content] [:] ${VALUE}`,
    (field, { not }, comparison, value) => {
      if (!isLikelyValue(value)) return undefined;
      if (field.kind === "list" && field.name !== "")
        return value.isQuoted ? selectedIn(field, value, not) : undefined;
      if (field.kind !== "field") return textIs(field, value, { not, comparison });
      return holds(field, value, { not, comparison });
    },
  ),
  // "is" tells a field's value only before something that is clearly a value: not in "is shown".
  rule(form`${TARGET} ${IS} [equal to] ${maybe(QUOTE)}`, (field, { not }, text) => {
    if (text === null) return undefined;
    const value = { text, asks: undefined, words: text, isQuoted: true, isExample: false };
    if (field.kind === "field") return holds(field, value, { not, comparison: "is" });
    return field.kind === "heading" || field.kind === "other"
      ? textIs(field, value, { not, comparison: "is" })
      : undefined;
  }),
  rule(form`${TARGET} ${IS} ${VALUE}`, (field, { not }, value) =>
    field.kind === "field" && /^\d[\d.,]*$/.test(value.text)
      ? holds(field, value, { not, comparison: "is" })
      : undefined,
  ),
  rule(form`${TARGET} (shows|displays|has) ${VALUE} (selected|chosen)`, (list, value) =>
    list.kind === "list" ? selectedIn(list, value, false) : undefined,
  ),
  rule(form`[the] ${TARGET} ${IS} (selected|set) ${maybe(REST)}`, (list, { not }) =>
    list.kind === "list" && not ? refusal("only what is selected can be checked") : undefined,
  ),
];

function fieldsHold(rows: string[][]): Meaning | undefined {
  const checks = rows.map(([name = "", value, ...more]): Check | Problem => {
    if (name === "" || value === undefined || more.length > 0)
      return problem("a row has a field and its value");
    const field = { locator_type: "label" as const, locator_value: name };
    return checking(
      { action: "verify_value", ...field, expected_value: value },
      `${name} is ${quoted(value)}`,
    );
  });
  return together(checks);
}

function selectedIn(list: DescribedElement, value: DescribedValue, not: boolean): Meaning | undefined {
  if (list.name === "") return undefined;
  if (not) return refusal("only what is selected can be checked");
  return value.asks === undefined ? selected(list, value.text, false) : undefined;
}

function selected(list: DescribedElement, option: string, not: boolean): Meaning {
  const fault = unclear(list);
  if (fault !== undefined) return refusal(fault.reason);
  if (option === "") return refusal("it names no option");
  const is = not ? "is not" : "is";
  return checking(
    { action: "verify_selected", ...listTarget(list), label: option, ...(not ? { not } : {}) },
    `${quoted(option)} ${is} selected in ${list.name}`,
  );
}

interface Holding {
  not: boolean;
  comparison: Comparison;
}

function holds(
  field: DescribedElement,
  value: DescribedValue,
  { not, comparison }: Holding,
): Meaning | undefined {
  if (field.kind !== "field" && field.kind !== undefined) return undefined;
  if (field.kind === undefined && field.name === "") return undefined;
  const fault = unclear(field);
  if (fault !== undefined) return refusal(fault.reason);
  if (UNTOLD.test(value.words) || (value.asks !== undefined && !value.isQuoted))
    return refusal("put the exact value of the field in quotation marks");
  const { match, text } = compare(comparison, value.text);
  const command: Command = {
    action: "verify_value",
    ...fieldTarget(field),
    expected_value: text,
    ...(match === "equals" ? {} : { match }),
    ...(not ? { not } : {}),
  };
  const secret = isPassword(field);
  if (secret) command.description = `Check the password in ${field.name}`;
  return checking(
    command,
    `${field.name} ${told(comparison, not)} ${secret ? "the password" : quoted(value.text)}`,
  );
}

function told(comparison: Comparison, not: boolean): string {
  const verbs = { is: "is", contains: "contains", starts: "starts with", ends: "ends with" };
  const denied = {
    is: "is not",
    contains: "does not contain",
    starts: "does not start with",
    ends: "does not end with",
  };
  return (not ? denied : verbs)[comparison];
}

/** The text of an element that the sentence names: not that of the page as a whole. */
function textIs(
  target: DescribedElement,
  value: DescribedValue,
  { not, comparison }: Holding,
): Meaning | undefined {
  if (!value.isQuoted && target.locator === undefined) return undefined;
  const isNamed =
    target.locator !== undefined || (target.kind !== undefined && target.kind !== "other" && target.isQuoted);
  if (!isNamed || value.asks !== undefined) return undefined;
  const { match, text } = compare(comparison, value.text);
  const shows = comparison === "contains" ? (not ? "does not show" : "shows") : told(comparison, not);
  return checking(textOf(target, { text, match, not }), `${target.words} ${shows} ${quoted(value.text)}`);
}

function inStates(target: DescribedElement, states: string[], not: boolean): Meaning | undefined {
  // "It is shown" is a statement of its own, with its own rules for texts.
  if (states.every((state) => SHOWN.test(state))) return undefined;
  // "The option is selected" and the like name nothing, or may be about the page as a whole.
  const fault = unclear(target);
  if (fault !== undefined) return refusal(fault.reason);
  if (
    target.kind === undefined &&
    !target.isQuoted &&
    target.locator === undefined &&
    /^\p{Ll}/u.test(target.name)
  ) {
    return refusal("it does not say which element is meant, such as the Save button");
  }
  const checks = states.map((state): Check | Problem => {
    const command = stateCommand(target, state, not);
    return command === undefined
      ? refusal('it names no list, such as: Check that "Large" is selected in Size')
      : checking(command, `${capitalised(target.words)} is ${not ? "not " : ""}${state}`);
  });
  return together(checks);
}

const SHOWN = /^(?:visible|shown|displayed|present|hidden|invisible)$/;

function stateCommand(target: DescribedElement, state: string, not: boolean): Command | undefined {
  const is = (isSo: boolean) => (isSo === not ? { not: true } : {});
  if (/^(?:visible|shown|displayed|present)$/.test(state))
    return { action: "verify_visible", ...clickTarget(target), ...is(true) };
  if (/^(?:hidden|invisible)$/.test(state))
    return { action: "verify_visible", ...clickTarget(target), ...is(false) };
  if (/^(?:checked|ticked|selected|chosen|picked|turned on|switched on|on)$/.test(state)) {
    if (/^(?:selected|chosen|picked)$/.test(state) && target.kind === "tab") {
      return {
        action: "verify_attribute",
        ...clickTarget(target),
        attribute: "aria-selected",
        expected_value: "true",
        ...is(true),
      };
    }
    if (/^(?:selected|chosen|picked)$/.test(state) && !isTicked(target)) return undefined;
    return { action: "verify_checked", ...tickedTarget(target), ...is(true) };
  }
  if (/^(?:un(?:checked|ticked|selected)|de|turned off|switched off|off)/.test(state))
    return { action: "verify_checked", ...tickedTarget(target), ...is(false) };
  if (/^(?:empty|blank|cleared|unfilled)$/.test(state)) {
    return { action: "verify_value", ...fieldTarget(target), expected_value: "", ...is(true) };
  }
  if (/^(?:editable|read)/.test(state)) {
    return { action: "verify_editable", ...fieldTarget(target), ...is(state === "editable") };
  }
  return {
    action: "verify_enabled",
    ...clickTarget(target),
    ...is(/^(?:enabled|active|clickable)$/.test(state)),
  };
}

function checking(command: Command, expected: string): Check {
  return { kind: "check", commands: [command], expected: [expected] };
}
