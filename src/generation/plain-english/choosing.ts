import type { Command, Locator } from "../../protocol/commands.js";
import { isTicked } from "./finding.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Slot } from "./grammar/phrase.js";
import { action, problem, refusal, rule, type Meaning, type Rule } from "./meaning.js";
import { clickOn, selectCommand, tick } from "./targeted-commands.js";
import { TARGET } from "./targets.js";
import type { DescribedElement } from "./elements.js";
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

/** "text", "value" or "label", with or without quotation marks. */
const OPTION_BY: Slot<string> = {
  isGreedy: false,
  read: (phrase) => /^(?:text|value|label)$/.exec(phrase.marking.value(phrase.text))?.[0],
};

function byValue(command: Command, value: string): Command {
  if (command.action !== "select") return command;
  const { label, ...rest } = command;
  return label === undefined ? command : { ...rest, value };
}

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
  rule(form`~select|~choose|~pick ${TARGET} (from|in) ${TARGET}`, (label, list) =>
    list.kind === "menu" ? chosen(label, list) : undefined,
  ),
  rule(form`~select|~choose|~pick ${QUOTE} (from|in) ${TARGET}`, (text, list) =>
    selectFrom(list, { text, asks: undefined }),
  ),
  rule(form`~select|~choose|~pick ${TARGET} from [the] [list|dropdown|drop-down] ${TARGET}`, chosen),
  rule(form`~select|~choose|~pick ${TARGET} (in|on|under|for|as) ${TARGET}`, (label, list) =>
    clickable(label) ? undefined : chosen(label, list),
  ),
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
