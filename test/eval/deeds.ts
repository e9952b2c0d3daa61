import type { Command, Locator, Script, Target } from "../../src/protocol/commands.js";
import {
  FIRST_LOGIN_FIELD,
  LOGIN_BUTTON,
  PASSWORD_FIELD,
} from "../../src/generation/plain-english/locators.js";
import type { DeedAction } from "./labels.js";

/** A command as a deed, with every name under which it looks for its element. */
export interface Deed {
  action: DeedAction;
  names: string[];
  text?: string | undefined;
  /** Names of the parts of the page in which alone the element is looked for. */
  places: string[];
  nth?: number | undefined;
  /** The command fails where several elements are found. */
  isStrict?: boolean | undefined;
  /** Only a heading or a title counts. */
  isTitle?: boolean | undefined;
}

/** The deeds of a script; the three commands of a login are one. */
export function deedsOf(script: Script): Deed[] {
  const [first, ...rest] = script;
  if (first === undefined) return [];
  const login = loginOf(script);
  return login === undefined ? [deedOf(first), ...deedsOf(rest)] : [login, ...deedsOf(script.slice(3))];
}

function loginOf(script: Script): Deed | undefined {
  const [user, password, button] = script;
  if (user?.action !== "input" || password?.action !== "input" || button?.action !== "click")
    return undefined;
  const isUser = user.alternatives?.some((one) => one.locator_value === FIRST_LOGIN_FIELD.locator_value);
  const isLogin =
    isUser === true &&
    password.locator_value === PASSWORD_FIELD.locator_value &&
    button.locator_value === LOGIN_BUTTON.locator_value;
  return isLogin ? { action: "login", names: [user.text], text: password.text, places: [] } : undefined;
}

/** Commands whose deed has a name of its own, and no text. */
const PLAIN: Partial<Record<Command["action"], DeedAction>> = {
  ...{ click: "click", double_click: "double_click", right_click: "right_click", hover: "hover" },
  ...{ check: "check", uncheck: "uncheck", focus: "focus", submit: "submit", clear: "clear" },
  ...{ refresh: "refresh", back: "back", forward: "forward", close_window: "close_tab" },
  ...{ clear_cookies: "clear_cookies", log: "note" },
};

function deedOf(command: Command): Deed {
  const plain = PLAIN[command.action];
  if (plain !== undefined) return at(command, plain);
  const not = "not" in command && command.not === true;
  const either = (yes: DeedAction, no: DeedAction): DeedAction => (not ? no : yes);
  switch (command.action) {
    case "navigate":
      return at(command, "open", command.url);
    case "new_window":
      return command.url === undefined ? at(command, "new_tab") : at(command, "open", command.url);
    case "input":
      return command.text === "" ? at(command, "clear") : at(command, "type", command.text);
    case "type_text":
    case "edit_content":
      return at(command, "type", command.text);
    case "select":
      return at(command, "select", optionOf(command));
    case "verify_selected":
      return at(command, "selected", optionOf(command));
    case "press_key":
      return at(command, "press", command.keys);
    case "upload_file":
      return at(command, "upload", [command.file].flat().join(", "));
    case "drag_and_drop":
      return at(command, "drag", command.to && namesOf(command.to)[0]);
    case "scroll":
      return at(command, "scroll", command.to);
    case "wait":
      return at(command, "wait", String(command.duration));
    case "handle_dialog":
      return at(command, "dialog", command.response);
    case "switch_window":
      return at(
        command,
        "switch_tab",
        command.title ?? (command.index === undefined ? undefined : String(command.index + 1)),
      );
    case "switch_frame":
      return at(command, "frame", command.top === true ? "(top)" : undefined);
    case "set_window_size":
      return at(command, "resize", `${command.width}x${command.height}`);
    case "screenshot":
      return at(command, "screenshot", command.name);
    case "set_cookie":
      return { ...at(command, "set_cookie", command.value), names: [command.name] };
    case "verify_text":
    case "wait_for_text":
      return seen(command, either("see", "not_see"));
    case "verify_element_present":
      return ordered(command) ?? element(command, either("see_element", "not_see_element"));
    case "verify_visible":
      return element(command, either("see_element", "not_see_element"));
    case "verify_hidden":
    case "verify_element_absent":
      return at(command, either("not_see_element", "see_element"));
    case "wait_for":
      return awaited(command);
    case "verify_checked":
      return at(command, "state", not ? "unchecked" : "checked");
    case "verify_enabled":
      return at(command, "state", not ? "disabled" : "enabled");
    case "verify_editable":
      return at(command, "state", not ? "readonly" : "editable");
    case "verify_value":
      return command.expected_value === ""
        ? at(command, "state", not ? "filled" : "empty")
        : at(command, either("value", "not_value"), plainText(command));
    case "verify_attribute":
      return command.attribute === "aria-selected"
        ? at(command, "state", not ? "unselected" : "selected")
        : at(command, "attribute", plainText(command));
    case "verify_count":
      return at(command, "count", String(command.expected_count));
    case "verify_url":
    case "wait_for_url":
      return at(command, either("url", "not_url"), plainText(command));
    case "verify_title":
      return { ...at(command, either("title", "not_title"), plainText(command)), isTitle: true };
    case "verify_dialog":
      return at(command, "dialog_shown", command.expected_message);
    case "verify_download":
    case "wait_for_download":
      return at(command, "downloaded", command.expected_file_name);
    default:
      throw new Error(`no deed is known for the command ${command.action}`);
  }
}

function at(command: Command, action: DeedAction, text?: string): Deed {
  const locators = "locator_type" in command ? locatorsOf(command as Target) : [];
  return {
    action,
    names: locators.flatMap(namesOf),
    text,
    places: locators.flatMap(({ within }) => (within === undefined ? [] : namesOf(within))),
    nth: locators[0]?.nth,
    isStrict: "strict" in command ? command.strict : undefined,
  };
}

function element(command: Command, action: DeedAction): Deed {
  const deed = at(command, action);
  const isTitle = "locator_value" in command && command.locator_value === "heading";
  return { ...deed, isTitle };
}

/** A text is seen somewhere on the page, or in an element, which is then its place. */
function seen(command: Command & { expected_text: string } & Target, action: DeedAction): Deed {
  const deed = at(command, action, plainText(command));
  const isWholePage = command.locator_type === "tag" && command.locator_value === "body";
  return { ...deed, names: [], places: isWholePage ? deed.places : [...deed.places, ...deed.names] };
}

/** An element that is found only after another comes after it. */
function ordered(command: Command & Target): Deed | undefined {
  if (!command.locator_value.includes("/following::")) return undefined;
  const [first = "", second] = namesOf(command);
  return { action: "order", names: [first], text: second, places: [] };
}

function awaited(command: Extract<Command, { action: "wait_for" }>): Deed {
  const isWholePage = command.locator_value === "body";
  if (isWholePage) return { action: "note", names: [], places: [] };
  if (command.state === "absent" || command.state === "hidden") return at(command, "not_see_element");
  if (command.state === "present" || command.state === "visible") return at(command, "see_element");
  return at(command, "state", command.state);
}

function optionOf(command: Command): string | undefined {
  const { label, value } = command as { label?: string | string[]; value?: string | string[] };
  const option = label ?? value;
  return option === undefined ? undefined : [option].flat().join(", ");
}

/** The expected text without the signs with which a regular expression says that it begins or ends so, or is a word. */
function plainText(command: Command): string {
  const fields = command as Record<string, unknown>;
  const expected = ["expected_text", "expected_value", "expected_url", "expected_title"]
    .map((name) => fields[name])
    .find((value) => typeof value === "string");
  if (expected === undefined) return "";
  return fields["match"] === "regex"
    ? expected.replace(/^\(\^\|\\s\)|\(\\s\|\$\)$|^\^|\$$/g, "").replace(/\\(.)/g, "$1")
    : expected;
}

function locatorsOf({ alternatives = [], ...first }: Target): Locator[] {
  return [first, ...alternatives];
}

/** The names in a locator: an accessible name, a label, or the texts that a selector quotes. */
function namesOf({ locator_type, locator_value, locator_name }: Locator): string[] {
  if (locator_type === "role") return [locator_name ?? locator_value];
  if (locator_type !== "xpath" && locator_type !== "css") return [locator_value];
  const quoted = [...locator_value.matchAll(/"([^"]*)"|'([^']*)'/g)].map(
    ([, one, other]) => one ?? other ?? "",
  );
  return [...quoted, locator_value];
}
