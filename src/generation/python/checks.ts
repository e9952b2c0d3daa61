import type { CommandOf, ElementState, Match, Target } from "../../protocol/commands.js";
import { byOf, find, findAll, isPlain } from "./elements.js";
import type { Renderers } from "./renderers.js";
import { assertion, comment, comparison, literal, quoted } from "./text.js";

/** Time that Selenium waits where the script does not say, in seconds. */
const USUAL_WAIT = 10;

export const wait: Renderers<"wait"> = {
  wait: ({ duration }) => [`time.sleep(${duration})`],
  wait_for: ({ state, timeout, ...command }) => [until(CONDITIONS[state](command), timeout)],
  wait_for_text: ({ expected_text, match = "contains", timeout, ...command }) => [
    until(`lambda driver: ${comparison(`${find(command)}.text`, expected_text, match)}`, timeout),
  ],
  wait_for_url: ({ expected_url, match = "contains", timeout }) => [
    until(`lambda driver: ${comparison("driver.current_url", expected_url, match)}`, timeout),
  ],
  wait_for_download: ({ expected_file_name = "*" }) => [
    comment(`Waits until ${expected_file_name} is downloaded; Selenium has no command for it.`),
  ],
};

/** Selenium's conditions for an element in each state. */
const CONDITIONS: Record<ElementState, (target: Target) => string> = {
  present: (target) => located("presence_of_element_located", target, find(target)),
  absent: (target) => `lambda driver: not ${findAll(target)}`,
  visible: (target) => located("visibility_of_element_located", target, `${find(target)}.is_displayed()`),
  hidden: (target) => located("invisibility_of_element_located", target, hidden(target)),
  enabled: (target) => `lambda driver: ${find(target)}.is_enabled()`,
  disabled: (target) => `lambda driver: not ${find(target)}.is_enabled()`,
  editable: (target) => `lambda driver: ${find(target)}.is_displayed() and ${find(target)}.is_enabled()`,
};

/** Selenium's own conditions take a locator and nothing beside it. */
function located(condition: string, target: Target, otherwise: string): string {
  return isPlain(target) ? `EC.${condition}((${byOf(target)}))` : `lambda driver: ${otherwise}`;
}

function until(condition: string, timeout = USUAL_WAIT): string {
  return `WebDriverWait(driver, ${timeout}).until(${condition})`;
}

export const verify: Renderers<"verify"> = {
  verify_element_present: (command) =>
    command.not === true ? [`assert not ${findAll(command)}`] : [find(command)],
  verify_element_absent: (command) => [
    command.not === true ? find(command) : `assert not ${findAll(command)}`,
  ],
  verify_visible: (command) => [visible(command, command.not === true)],
  verify_hidden: (command) => [visible(command, command.not !== true)],
  verify_text: (command) => [compared(`${find(command)}.text`, command.expected_text, command, "contains")],
  verify_value: (command) => [
    compared(`${find(command)}.get_property("value")`, command.expected_value, command, "equals"),
  ],
  verify_attribute: (command) => {
    const { attribute, expected_value } = command;
    const actual = `${find(command)}.get_dom_attribute(${literal(attribute)})`;
    return [
      expected_value === undefined
        ? assertion(`${actual} is not None`, command)
        : compared(actual, expected_value, command, "equals"),
    ];
  },
  verify_css: (command) => [
    compared(
      `${find(command)}.value_of_css_property(${literal(command.property)})`,
      command.expected_value,
      command,
      "equals",
    ),
  ],
  verify_checked: (command) => [assertion(`${find(command)}.is_selected()`, command)],
  verify_enabled: (command) => [assertion(`${find(command)}.is_enabled()`, command)],
  verify_editable: (command) => [
    `element = ${find(command)}`,
    assertion('element.is_enabled() and element.get_dom_attribute("readonly") is None', command),
  ],
  verify_selected: selected,
  verify_count: (command) => [
    assertion(
      `len(${findAll(command)}) ${COMPARED[command.comparison ?? "equal"]} ${command.expected_count}`,
      command,
    ),
  ],
  verify_title: (command) => [compared("driver.title", command.expected_title, command, "contains")],
  verify_url: (command) => [compared("driver.current_url", command.expected_url, command, "contains")],
  verify_dialog: (command) => {
    const { expected_message, kind = "dialog" } = command;
    const note = comment(`An open ${kind}; Selenium does not see one that was answered before.`);
    const text = "driver.switch_to.alert.text";
    return [
      note,
      expected_message === undefined ? text : compared(text, expected_message, command, "contains"),
    ];
  },
  verify_download: ({ expected_file_name = "a file" }) => [
    comment(`Checks that ${expected_file_name} is downloaded; Selenium has no command for it.`),
  ],
  verify_variable: (command) => [
    compared(`variables[${quoted(command.variable)}]`, command.expected_value, command, "equals"),
  ],
};

const COMPARED = { equal: "==", at_least: ">=", at_most: "<=" } as const;

function compared(
  actual: string,
  expected: string,
  { match, not }: { match?: Match | undefined; not?: boolean | undefined },
  usual: Match,
): string {
  return assertion(comparison(actual, expected, match ?? usual), { not });
}

function visible(target: Target, not: boolean): string {
  return not ? `assert ${hidden(target)}` : `assert ${find(target)}.is_displayed()`;
}

function hidden(target: Target): string {
  return `not any(element.is_displayed() for element in ${findAll(target)})`;
}

function selected(command: CommandOf<"verify_selected">): string[] {
  const { label, value, index } = command;
  const [read, expected] =
    label !== undefined
      ? ["option.text", [label].flat().map(literal)]
      : value !== undefined
        ? ['option.get_property("value")', [value].flat().map(literal)]
        : ['option.get_property("index")', [index ?? 0].flat().map(String)];
  return [
    `options = Select(${find(command)}).all_selected_options`,
    assertion(`[${read} for option in options] == [${expected.join(", ")}]`, command),
  ];
}
