import type { Command } from "../../protocol/commands.js";
import { clickTarget, fieldTarget, isTicked, listTarget, tickedTarget } from "./finding.js";
import { QUOTED, type Marked } from "./marking.js";
import { refusal, type Check, type Meaning, type ClauseContext } from "./meaning.js";
import { quoted } from "./seen.js";
import { unclear } from "./targeted-commands.js";
import { isPassword, readTarget, withoutPlace, type DescribedElement } from "./targets.js";
import { capitalised } from "./words.js";

const AUXILIARY = "(?: (?:should|must|will|shall|to|then|now|also|still|correctly|successfully))*";
/** The words between an element and its state or value, denied or not. */
const IS =
  "((?: (?:should|must|will|shall|does|do|to|then|now|also|still|already|is|are|be|becomes?|was|were|not|never|no longer|(?:is|are|was|were|should|must|wo|does|do)n[’']t))+)";
const DENIED = /\b(?:not|never|no longer)\b|n[’']t/i;
const STATE = new RegExp(
  `^(.+?)${IS} (checked|ticked|selected|unchecked|unticked|deselected|turned on|turned off|enabled|active|clickable|disabled|inactive|grey(?:ed)? out|gray(?:ed)? out|editable|read-?only|empty|blank)(?: by default)?$`,
  "i",
);
const SELECTED = new RegExp(
  `^(.+?)${AUXILIARY} (?:is|are|be) (?:now |still )?(?:selected|chosen|picked) (?:in|from|for|as) (.+)$`,
  "i",
);
const FIELD =
  "(?:the )?.{1,80}? (?:field|box|input|text ?box|text ?area)|(?:the )?(?:field|input|text ?box) .{1,80}?";
const VALUE = new RegExp(
  `^(?:the )?value (?:of|in) (.{1,80}?)${AUXILIARY} (is|be|equals?|=|contains?|includes?)( not)? (.+)$`,
  "i",
);
const FIELD_HAS = new RegExp(
  `^(${FIELD})${IS}? (?:(contains?|includes?|shows?|displays?|says?|reads?)|(?:has|have) the (?:value|text|content)|equals?|=|(?:pre-?)?filled(?: in)? with|populated with|set to)(?: the (?:text|value|content))?:? (.+)$`,
  "i",
);
/** "is" and "has" tell a field's value only before something that is clearly a value: not in "is shown". */
const FIELD_IS = new RegExp(`^(${FIELD})(?:${IS}|${AUXILIARY} (?:has|have)) (${QUOTED}|\\d[\\d.,]*)$`, "i");
/** "an error message": words that stand for a value without telling it. */
const UNTOLD = /^(?:an?|the|some|any|no|its|his|her|their|my|your) /i;
const LIST =
  "(?:the )?.{1,80}? (?:list|drop-?down(?: list| menu)?|select(?: box)?|combo ?box)|(?:the )?(?:list|drop-?down) .{1,80}?";
const LIST_HAS = new RegExp(
  `^(${LIST})${AUXILIARY} (?:(?:is |be )?set to|shows?|has|is|be|displays?) (.+?)(?: selected| chosen)?$`,
  "i",
);

/** Reads the state or value of a named element; `undefined` where the clause says nothing of the kind. */
export function stateCheck(clause: Marked, context: ClauseContext): Meaning | undefined {
  const { marking } = context;
  const words = withoutPlace(clause);
  const [, option, list] = SELECTED.exec(words) ?? [];
  if (option !== undefined && list !== undefined) {
    return selected(readTarget(list, marking), readTarget(option, marking));
  }
  const [, valued, comparison = "", no, value] = VALUE.exec(words) ?? [];
  if (valued !== undefined && value !== undefined) {
    return holds(readTarget(valued, marking), marking.value(value), {
      not: no !== undefined,
      contains: /^(?:contain|include)/i.test(comparison),
    });
  }
  const [, subject, is = "", state = ""] = STATE.exec(words) ?? [];
  if (subject !== undefined) return isIn(readTarget(subject, marking), state, DENIED.test(is));
  const [, field, has = "", contains, held] = FIELD_HAS.exec(words) ?? fieldIs(words) ?? [];
  if (field !== undefined && held !== undefined) {
    const target = readTarget(field, marking);
    if (target.name === "" || target.kind !== "field") return undefined;
    if (UNTOLD.test(held)) return refusal("put the exact value of the field in quotation marks");
    return holds(target, marking.value(held), { not: DENIED.test(has), contains: contains !== undefined });
  }
  const [, chosenIn, chosen] = LIST_HAS.exec(words) ?? [];
  if (chosenIn === undefined || chosen === undefined) return undefined;
  const target = readTarget(chosenIn, marking);
  if (target.kind !== "list" || target.name === "" || !/(?:selected|chosen)$| set to /i.test(words))
    return undefined;
  if (DENIED.test(chosen)) return refusal("only what is selected can be checked");
  return selected(target, readTarget(chosen, marking));
}

/** As a match of FIELD_HAS. */
function fieldIs(words: Marked): (string | undefined)[] | undefined {
  const [whole, field, is, value] = FIELD_IS.exec(words) ?? [];
  return whole === undefined ? undefined : [whole, field, is, undefined, value];
}

function selected(list: DescribedElement, option: DescribedElement): Meaning {
  const fault = unclear(list) ?? unclear(option);
  if (fault !== undefined) return refusal(fault.reason);
  return checking(
    { action: "verify_selected", ...listTarget(list), label: option.name },
    `${quoted(option.name)} is selected in ${list.name}`,
  );
}

function holds(
  field: DescribedElement,
  value: string,
  { not, contains }: { not: boolean; contains: boolean },
): Meaning {
  const fault = unclear(field);
  if (fault !== undefined) return refusal(fault.reason);
  const command: Command = {
    action: "verify_value",
    ...fieldTarget(field),
    expected_value: value,
    ...(contains ? { match: "contains" } : {}),
    ...(not ? { not } : {}),
  };
  const secret = isPassword(field);
  if (secret) command.description = `Check the password in ${field.name}`;
  const verb = not ? (contains ? "does not contain" : "is not") : contains ? "contains" : "is";
  return checking(command, `${field.name} ${verb} ${secret ? "the password" : quoted(value)}`);
}

function isIn(target: DescribedElement, state: string, not: boolean): Meaning {
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
  const expected = `${capitalised(target.words)} is ${not ? "not " : ""}${state}`;
  const command = stateCommand(target, state.toLowerCase(), not);
  return command === undefined
    ? refusal('it names no list, such as: Check that "Large" is selected in Size')
    : checking(command, expected);
}

function stateCommand(target: DescribedElement, state: string, not: boolean): Command | undefined {
  const is = (isSo: boolean) => (isSo === not ? { not: true } : {});
  if (/^(?:checked|ticked|selected|turned on)$/.test(state)) {
    if (state === "selected" && !isTicked(target)) return undefined;
    return { action: "verify_checked", ...tickedTarget(target), ...is(true) };
  }
  if (/^(?:un|de|turned off)/.test(state))
    return { action: "verify_checked", ...tickedTarget(target), ...is(false) };
  if (/^(?:empty|blank)$/.test(state)) {
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
