import type { Command, Script } from "../../protocol/commands.js";
import type { PageSnapshot, SeenNode } from "../../runner/ports.js";
import { SERVING, type Goal } from "../plain-english/goals.js";
import { described } from "./described.js";
import { inFrame } from "./frames.js";
import { locatorsOf, targetOf } from "./locators.js";
import { SnapshotIndex } from "./snapshot-index.js";
import { leadTheSameWay, resolve } from "./resolve.js";
import { listed } from "./telling.js";

/** Goals, such as "Test login functionality", on an open page. */

export type FoundGoal =
  | {
      kind: "found";
      commands: Script;
      /** Variables that have to be given a value: none is ever invented. */
      asks: readonly string[];
    }
  /** The form is not there; the only control that is called so may lead to it. */
  | { kind: "entry"; commands: Script }
  | { kind: "missing"; reason: string; candidates: readonly string[] };

/** Fills in the form of the page that a goal names, with variables. */
export function findGoal(goal: Goal, snapshot: PageSnapshot): FoundGoal {
  const index = new SnapshotIndex(snapshot);
  const found = FINDERS[goal](index);
  return found ?? entryOf(goal, index);
}

/** Each finds the form of a goal; nothing where the page has no such form. */
const FINDERS: Record<Goal, (index: SnapshotIndex) => FoundGoal | undefined> = {
  login: (index) => ofPasswords(index, loginOf),
  "sign-up": (index) => ofPasswords(index, signUpOf),
  search: searchOf,
};

function ofPasswords(
  index: SnapshotIndex,
  find: (passwords: readonly SeenNode[], index: SnapshotIndex) => FoundGoal,
): FoundGoal | undefined {
  const passwords = index.nodes.filter(({ inputType }) => inputType === "password");
  return passwords.length === 0 ? undefined : find(passwords, index);
}

/** Names of controls that lead to a form. */
const LEADS: Record<Goal, RegExp> = {
  login: /^(?:log|sign)[ -]?(?:in|on)\b/i,
  "sign-up": /^(?:sign[ -]?up|register|join|create (?:an? )?(?:new )?account)\b/i,
  search: /^(?:open |show )?search\b/i,
};

function entryOf(goal: Goal, index: SnapshotIndex): FoundGoal {
  const controls = index.nodes.filter(
    ({ role, name, states }) =>
      /^(?:link|button|menuitem|tab)$/.test(role) && LEADS[goal].test(name) && !states.includes("disabled"),
  );
  const reason = `the page shows no ${SERVING[goal]}`;
  const [first] = controls;
  if (first === undefined) return missing(reason, [], index);
  if (controls.length > 1 && !leadTheSameWay(controls))
    return missing(`${reason}, and several controls may lead to it`, controls, index);
  const target = targetOf(locatorsOf(first, index));
  if (target === undefined) return missing(`${reason}, and its entry cannot be told apart`, [first], index);
  const click: Command = { action: "click", ...target, description: `Go to the ${SERVING[goal]}` };
  return { kind: "entry", commands: inFrame([click], first, index.snapshot) };
}

function missing(reason: string, candidates: readonly SeenNode[], index: SnapshotIndex): FoundGoal {
  return { kind: "missing", reason, candidates: listed(candidates, index) };
}

const SENDS = {
  login: /^(?:log|sign)[ -]?(?:in|on)\b|^(?:submit|continue|next|enter)$/i,
  "sign-up": /^(?:sign[ -]?up|register|join|create|submit|continue|next)\b/i,
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
  if (password === undefined) return missing(`the page shows no ${SERVING["sign-up"]}`, [], index);
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

function searchOf(index: SnapshotIndex): FoundGoal | undefined {
  const resolution = resolve(described("Search"), index, "type");
  if (resolution.kind === "ambiguous")
    return missing("there are several search fields", resolution.candidates, index);
  if (resolution.kind === "missing") return undefined;
  const { node, locators } = resolution;
  const target = targetOf(locators);
  if (target === undefined) return missing("the search field cannot be told apart", [node], index);
  const commands: Script = [
    { action: "input", ...target, text: "${env.SEARCH_TERM}", description: "Type env.SEARCH_TERM" },
    { action: "press_key", ...target, keys: "Enter", description: "Search for it" },
  ];
  return {
    kind: "found",
    commands: inFrame(commands, node, index.snapshot),
    asks: ["env.SEARCH_TERM"],
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
    const description = variable.startsWith("secret.") ? "Type the password" : `Type ${variable}`;
    commands.push({ action: "input", ...target, text: `\${${variable}}`, description });
  }
  const send = targetOf(locatorsOf(button, index));
  if (send === undefined) return missing("the button of the form cannot be told apart", [button], index);
  commands.push({ action: "click", ...send, description: "Send the form" });
  return {
    kind: "found",
    commands: inFrame(commands, button, index.snapshot),
    asks: [...new Set(data.map(([, variable]) => variable))],
  };
}
