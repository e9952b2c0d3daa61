import type { Command, Locator } from "../../protocol/commands.js";
import { isTicked, listTarget } from "./finding.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { action, problem, refusal, rule, type Meaning, type Rule } from "./meaning.js";
import { clickOn, selectCommand, tick, unclear } from "./targeted-commands.js";
import { toTarget } from "./locators.js";
import { RELATION } from "./relations.js";
import { ORDINAL, type DescribedElement } from "./elements.js";
import { TARGET } from "./targets.js";
import { PURPOSE, QUOTE, REST, VALUE, type DescribedValue } from "./values.js";

/** The only list of the page: with several none is found, so that none is chosen by chance. */
const ONLY_LIST: Locator = { locator_type: "xpath", locator_value: "//select[count(//select)=1]" };

/** Words of an option that say where in a list it stands and not what it is. */
const OPTION = /^(?:option|other|text)$/;

function chosen(label: DescribedElement, list: DescribedElement): Meaning | undefined {
  // The entries of a menu stand wherever it opens.
  if (list.kind === "menu") return clickOn({ ...label, kind: label.kind ?? "menu", isLoose: true });
  const isOption = label.kind === undefined || OPTION.test(label.kind);
  if (!isOption) return label.within === undefined ? clickOn(label) : undefined;
  if (label.isIndefinite || label.within !== undefined || label.nth !== undefined) {
    return problem("it does not say which option: put its text in quotation marks");
  }
  return selectFrom(list, { text: label.name, asks: undefined });
}

/** "tomorrow in the calendar", "a valid option": words that tell of an option, and not which. */
function chosenOrAsked(label: Phrase, list: DescribedElement): Meaning | undefined {
  const value = label.read(VALUE);
  if (value?.asks !== undefined && !/^all\b/i.test(value.words)) return selectFrom(list, value);
  const target = label.read(TARGET);
  return target === undefined || clickable(target) ? undefined : chosen(target, list);
}

function selectFrom(list: DescribedElement, value: Pick<DescribedValue, "text" | "asks">): Meaning {
  if (list.kind === "list" && list.name === "" && list.locator === undefined && list.within === undefined) {
    const chosen = action({ action: "select", ...ONLY_LIST, label: value.text });
    return value.asks === undefined ? chosen : { ...chosen, asks: [value.asks] };
  }
  return selectCommand(list, value);
}

const clickable = (target: DescribedElement): boolean =>
  target.kind !== undefined && !["list", "option", "field"].includes(target.kind);

/** A checkbox or the like that has a name, a number or a place. */
function isOneBox(target: DescribedElement): boolean {
  const { name, nth, within, locator } = target;
  return (
    isTicked(target) && (name !== "" || nth !== undefined || within !== undefined || locator !== undefined)
  );
}

function boxCalled(name: string): DescribedElement {
  const words = `"${name}" checkbox`;
  return {
    ...{ kind: "checkbox", kindWord: "checkbox", name, fullName: name, isQuoted: true, words },
    ...{ locator: undefined, nth: undefined, within: undefined, isIndefinite: false },
  };
}

/** "text", "value" or "label", with or without quotation marks. */
const OPTION_BY: Slot<string> = {
  name: "text|value|label",
  isGreedy: false,
  read: (phrase) => /^(?:text|value|label)$/.exec(phrase.marking.value(phrase.text))?.[0],
};

function byValue(command: Command, value: string): Command {
  if (command.action !== "select") return command;
  const { label, ...rest } = command;
  return label === undefined ? command : { ...rest, value };
}

/** The words for an option, to be read as a value or as an element. */
const LABEL: Slot<Phrase> = {
  name: "words",
  isGreedy: false,
  read: (phrase) =>
    phrase.read(TARGET) === undefined && phrase.read(VALUE) === undefined ? undefined : phrase,
};

/** Select, choose and pick; tick, untick and toggle. */
export const CHOOSING: Rule[] = [
  rule(form`~turn|~switch|~toggle (on) ${TARGET}`, (target) => tick("check", target)),
  rule(form`~turn|~switch|~toggle (off) ${TARGET}`, (target) => tick("uncheck", target)),
  rule(form`~toggle ${TARGET} on`, (target) => tick("check", target)),
  rule(form`~toggle ${TARGET} off`, (target) => tick("uncheck", target)),
  rule(form`~toggle ${TARGET} ${maybe(PURPOSE)}`, (target) =>
    clickOn({ ...target, kind: target.kind ?? "checkbox" }),
  ),
  rule(form`~check ${QUOTE}`, (text) => ({
    ...refusal(`it may be a box to tick as well as a text to look for`),
    readings: [`Tick "${text}"`, `Check that "${text}" is shown`],
  })),
  rule(form`~check|~tick|~mark [the] box ${RELATION}`, ({ within }) =>
    within === undefined
      ? undefined
      : action({
          action: "check",
          ...toTarget(
            within.map((one) => ({ locator_type: "role", locator_value: "checkbox", within: one })),
          ),
        }),
  ),
  rule(form`~check|~tick|~mark [the] box ${QUOTE}`, (text) => tick("check", boxCalled(text))),
  rule(form`~uncheck|~untick [the] box ${QUOTE}`, (text) => tick("uncheck", boxCalled(text))),
  rule(form`~set|~switch|~turn ${TARGET} [to] on`, (target) => tick("check", target)),
  rule(form`~set|~switch|~turn ${TARGET} [to] off`, (target) => tick("uncheck", target)),
  rule(form`~check|~enable ${TARGET}`, (target) => (isOneBox(target) ? tick("check", target) : undefined)),
  rule(form`~clear|~disable ${TARGET}`, (target) => (isOneBox(target) ? tick("uncheck", target) : undefined)),
  rule(form`~tick|~mark ${TARGET} [as checked]`, (target) =>
    target.kind === undefined || isTicked(target) ? tick("check", target) : undefined,
  ),
  rule(form`~untick|~uncheck|~unmark|~deselect|~unselect ${TARGET}`, (target) => tick("uncheck", target)),
  rule(form`~select|~choose|~pick ${TARGET}`, (target) =>
    isOneBox(target) ? tick("check", target) : undefined,
  ),
  rule(
    form`~select|~choose|~pick [the] option with ${OPTION_BY} [of|:] ${QUOTE} (from|in) ${TARGET}`,
    (by, text, list) => {
      const chosen = selectFrom(list, { text, asks: undefined });
      if (by !== "value" || chosen.kind !== "action") return chosen;
      return { ...chosen, commands: chosen.commands.map((command) => byValue(command, text)) };
    },
  ),
  rule(
    form`~select|~choose|~pick [the] ${ORDINAL} option (from|in|of) ${TARGET}`,
    (index, list) => unclear(list) ?? action({ action: "select", ...listTarget(list), index }),
  ),
  rule(
    form`~select|~choose|~pick ${TARGET} (from|in) [the] [auto] (suggestions|autosuggestions|suggestion list|suggestions list|autosuggestions list|autocomplete|results)`,
    (label) =>
      label.kind === undefined || OPTION.test(label.kind) ? clickOn({ ...label, isLoose: true }) : undefined,
  ),
  rule(form`~select|~choose|~pick ${TARGET} (from|in) ${TARGET}`, (label, list) =>
    list.kind === "menu" ? chosen(label, list) : undefined,
  ),
  rule(form`~select|~choose|~pick ${QUOTE} (from|in) ${TARGET}`, (text, list) =>
    selectFrom(list, { text, asks: undefined }),
  ),
  rule(form`~select|~choose|~pick ${TARGET} from [the] [list|dropdown|drop-down] ${TARGET}`, chosen),
  rule(form`~select|~choose|~pick ${LABEL} (in|on|under|for|as) ${TARGET}`, chosenOrAsked),
  rule(form`~select|~choose|~pick ${VALUE} (from|in|for|as) ${TARGET}`, (value, list) =>
    value.asks === undefined || /^all\b/i.test(value.words) ? undefined : selectFrom(list, value),
  ),
  rule(form`(from|in) ${TARGET} [,] ~select|~choose|~pick ${TARGET}`, (list, label) => chosen(label, list)),
  rule(form`~set|~change ${TARGET} (to|as) ${VALUE}`, (list, value) =>
    list.kind === "list" ? selectFrom(list, value) : undefined,
  ),
  rule(form`~select|~choose|~pick|~switch [to] ${TARGET} ${maybe(PURPOSE)}`, (target) =>
    clickable(target) ? clickOn(target) : undefined,
  ),
  rule(form`~select|~choose|~pick ${maybe(REST)}`, () =>
    problem('it names no list, such as "Select Large from Size"'),
  ),
];
