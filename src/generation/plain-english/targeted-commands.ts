import type { Command } from "../../protocol/commands.js";
import { action, problem, type Meaning, type Problem } from "./meaning.js";
import { at, clickLocator, fieldLocator, isPassword, listLocator, type Target } from "./targets.js";

/** Words that point at something without naming it. */
const NAMELESS = /^(?:it|this|that|them|there|here|form|page|details|data|fields?|values?|information)$/i;
const MAX_NAME_LENGTH = 80;

/** What keeps a target from being found: a wrong guess would fail far from its cause. */
function unclear({ name, isQuoted, locator }: Target): Problem | undefined {
  if (locator !== undefined) return undefined;
  if (name === "" || (!isQuoted && NAMELESS.test(name)))
    return problem("it does not say by name which element is meant");
  if (!isQuoted && (/[,;] /.test(name) || name.length > MAX_NAME_LENGTH)) {
    return problem("put the name of the element in quotation marks");
  }
  return undefined;
}

/** A command that acts on a named element, or what is missing for it. */
export function clickOn(target: Target): Meaning {
  const fault = unclear(target);
  if (fault !== undefined) return fault;
  const clicked = action({ action: "click", ...at(clickLocator(target)) });
  return target.kind === "toggle" ? clicked : { ...clicked, login: "click" };
}

export function inputCommand(field: Target, text: string): Meaning {
  const fault = unclear(field);
  if (fault !== undefined) return fault;
  const secret = isPassword(field);
  // Descriptions are shown while a test runs, so that a password must not be in them.
  const description =
    text === "" ? `Clear ${field.name}` : secret ? `Type the password into ${field.name}` : undefined;
  const command: Command = { action: "input", ...at(fieldLocator(field)), text };
  if (description !== undefined) command.description = description;
  return secret ? { ...action(command), login: "password" } : action(command);
}

export function selectCommand(list: Target, label: string): Meaning {
  const fault = unclear(list);
  if (fault !== undefined) return fault;
  if (label === "") return problem("it names no option");
  return action({ action: "select", ...at(listLocator(list)), label });
}
