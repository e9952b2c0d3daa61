import type { Command, Script } from "../../protocol/commands.js";
import type { PageSnapshot, SeenNode } from "../../runner/ports.js";
import { described } from "./described.js";
import { inFrame } from "./frames.js";
import { locatorsOf, targetOf } from "./locators.js";
import { SnapshotIndex } from "./snapshot-index.js";
import { resolve } from "./resolve.js";
import { listed } from "./telling.js";

/** Descriptions that are goals and tell no step, such as "Test login functionality". */

export type FoundGoal =
  | {
      kind: "found";
      commands: Script;
      /** Variables that have to be given a value: none is ever invented. */
      asks: readonly string[];
      elements: readonly SeenNode[];
    }
  | { kind: "missing"; reason: string; candidates: readonly string[] };

type GoalKind = "login" | "search" | "sign-up";

const GOAL =
  /^(?:please )?(?:test|tests|check|verify|try|validate|testing|automate)?(?: that| if| whether| the| a| user)*\s*(?:user |users? can )?(log ?in|log ?on|sign ?in|authentication|search|searching|sign ?up|registration|register|registering)(?: (?:functionality|function|feature|form|flow|page|process|works?|is working|module|scenario|with valid credentials|successfully))*[.!]?$/i;

/** The goal that a description is; nothing where it tells something to do. */
export function goalOf(description: string): GoalKind | undefined {
  const word = GOAL.exec(description.trim())?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  if (word.startsWith("search")) return "search";
  return /^(?:sign ?up|regist)/.test(word) ? "sign-up" : "login";
}

/** Fills in the form of the page that a goal names, with variables. */
export function findGoal(goal: GoalKind, snapshot: PageSnapshot): FoundGoal {
  const index = new SnapshotIndex(snapshot);
  if (goal === "search") return searchOf(index);
  const passwords = index.nodes.filter(({ inputType }) => inputType === "password");
  if (passwords.length === 0) return missing(`the page shows no ${goal} form`, [], index);
  return goal === "login" ? loginOf(passwords, index) : signUpOf(passwords, index);
}

function missing(reason: string, candidates: readonly SeenNode[], index: SnapshotIndex): FoundGoal {
  return { kind: "missing", reason, candidates: listed(candidates, index) };
}

const SENDS = {
  login: /^(?:log|sign) ?(?:in|on)\b|^(?:submit|continue|next|enter)$/i,
  "sign-up": /^(?:sign ?up|register|join|create|submit|continue|next)\b/i,
};

function loginOf(passwords: readonly SeenNode[], index: SnapshotIndex): FoundGoal {
  const [password] = passwords;
  if (password === undefined || passwords.length > 1)
    return missing("the page shows several password fields", passwords, index);
  const user = fieldsAround(password, index).findLast(
    (field) => index.placeOf(field) < index.placeOf(password),
  );
  if (user === undefined) return missing("there is no field for the user beside the password's", [], index);
  const button = sendingButton(password, "login", index);
  if (!("ref" in button)) return button;
  return filled(
    [
      [user, "env.USER"],
      [password, "secret.PASSWORD"],
    ],
    button,
    index,
  );
}

function signUpOf(passwords: readonly SeenNode[], index: SnapshotIndex): FoundGoal {
  const [password] = passwords;
  if (password === undefined) return missing("the page shows no sign-up form", [], index);
  const button = sendingButton(password, "sign-up", index);
  if (!("ref" in button)) return button;
  const fields = fieldsAround(password, index).filter(
    (field) => index.placeOf(field) < index.placeOf(button),
  );
  const data = [
    ...fields.map((field) => [field, `env.${variableOf(field)}`] as const),
    ...passwords.map((field) => [field, "secret.PASSWORD"] as const),
  ];
  return filled(
    data.sort(([a], [b]) => index.placeOf(a) - index.placeOf(b)),
    button,
    index,
  );
}

function searchOf(index: SnapshotIndex): FoundGoal {
  const resolution = resolve(described("Search"), index, "type");
  if (resolution.kind === "ambiguous")
    return missing("there are several search fields", resolution.candidates, index);
  if (resolution.kind === "missing")
    return missing("the page shows no search field", resolution.nearest, index);
  const { node, locators } = resolution;
  const target = targetOf(locators);
  if (target === undefined) return missing("the search field cannot be told apart", [node], index);
  const commands: Script = [
    { action: "input", ...target, text: "${env.SEARCH_TERM}" },
    { action: "press_key", ...target, keys: "Enter" },
  ];
  return {
    kind: "found",
    commands: inFrame(commands, node, index.snapshot),
    asks: ["env.SEARCH_TERM"],
    elements: [node],
  };
}

/** Fields for texts in the same part of the page as a password's, in order. */
function fieldsAround(password: SeenNode, index: SnapshotIndex): SeenNode[] {
  const form = [...index.around(password)].find(({ role }) =>
    /^(?:form|dialog|region|main|group)$/.test(role),
  );
  const nodes = form === undefined ? index.nodes : index.inside(form);
  return nodes.filter(
    ({ role, kind, inputType, frame, states }) =>
      kind === "control" &&
      /^(?:textbox|spinbutton)$/.test(role) &&
      inputType !== "password" &&
      frame === password.frame &&
      !states.includes("readonly") &&
      !states.includes("disabled"),
  );
}

/** The button that sends the form: one that says so, after the password. */
function sendingButton(
  password: SeenNode,
  goal: "login" | "sign-up",
  index: SnapshotIndex,
): SeenNode | FoundGoal {
  const buttons = index.nodes.filter(
    (node) =>
      node.role === "button" &&
      node.frame === password.frame &&
      index.placeOf(node) > index.placeOf(password) &&
      SENDS[goal].test(node.name),
  );
  const [button] = buttons;
  if (button !== undefined && buttons.length === 1) return button;
  return missing(
    buttons.length === 0
      ? "no button after the password says that it sends the form"
      : "several buttons may send the form",
    buttons,
    index,
  );
}

function variableOf({ name, hints }: SeenNode): string {
  const words = (name || hints[0]?.text || "VALUE").toUpperCase().match(/[A-Z0-9]+/g) ?? ["VALUE"];
  return words
    .slice(0, 4)
    .join("_")
    .replace(/^(?=\d)/, "V");
}

function filled(
  data: readonly (readonly [SeenNode, string])[],
  button: SeenNode,
  index: SnapshotIndex,
): FoundGoal {
  const commands: Command[] = [];
  for (const [field, variable] of data) {
    const target = targetOf(locatorsOf(field, index));
    if (target === undefined) return missing("a field of the form cannot be told apart", [field], index);
    const description = variable.startsWith("secret.") ? { description: "Type the password" } : {};
    commands.push({ action: "input", ...target, text: `\${${variable}}`, ...description });
  }
  const send = targetOf(locatorsOf(button, index));
  if (send === undefined) return missing("the button of the form cannot be told apart", [button], index);
  commands.push({ action: "click", ...send });
  return {
    kind: "found",
    commands: inFrame(commands, button, index.snapshot),
    asks: [...new Set(data.map(([, variable]) => variable))],
    elements: [...data.map(([field]) => field), button],
  };
}

/**
 * Checks of what a page shows after a goal was reached that it did not show before. They are offered to the author, who
 * has not written them: none may make a step green by itself.
 */
export function seenAfterwards(before: PageSnapshot, after: PageSnapshot): Script {
  const known = new Set(before.nodes.map(({ role, name }) => `${role} ${name}`));
  const isNew = ({ role, name }: SeenNode): boolean =>
    name !== "" && name.length <= MAX_OFFERED && !name.includes("***") && !known.has(`${role} ${name}`);
  const note = { description: "Seen afterwards, and not written by the author" };
  const headings = after.nodes.filter((node) => node.role === "heading" && isNew(node));
  const messages = after.nodes.filter((node) => {
    const parent = after.nodes.find(({ ref }) => ref === node.parent);
    return node.kind === "text" && /^(?:alert|status)$/.test(parent?.role ?? "") && isNew(node);
  });
  const path = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url);
  const checks: Script = [];
  if (path(before.url) !== path(after.url))
    checks.push({ action: "verify_url", expected_url: path(after.url), ...note });
  for (const { name } of headings.slice(0, 1)) {
    checks.push({
      action: "verify_visible",
      locator_type: "role",
      locator_value: "heading",
      locator_name: name,
      ...note,
    });
  }
  for (const { name } of messages.slice(0, 1)) {
    checks.push({ action: "verify_visible", locator_type: "text", locator_value: name, ...note });
  }
  return checks;
}

/** Longest text that is offered as a check, in characters. */
const MAX_OFFERED = 80;
