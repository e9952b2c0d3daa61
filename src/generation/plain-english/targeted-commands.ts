import type { Command } from "../../protocol/commands.js";
import { clickTarget, fieldTarget, isTicked, listTarget, tickedTarget } from "./finding.js";
import { action, commandOn, problem, type Meaning, type Problem } from "./meaning.js";
import { isPassword, type DescribedElement } from "./targets.js";

/** Words that point at something without naming it. */
const NAMELESS = /^(?:it|this|that|them|there|here|form|page|details|data|fields?|values?|information)$/i;
const MAX_NAME_LENGTH = 80;

/** The problem that keeps a target from being found, if any: a wrong guess would fail far from its cause. */
export function unclear({ name, isQuoted, locator }: DescribedElement): Problem | undefined {
  if (locator !== undefined) return undefined;
  if (name === "" || (!isQuoted && NAMELESS.test(name)))
    return problem("it does not say by name which element is meant");
  if (!isQuoted && (/[,;] /.test(name) || name.length > MAX_NAME_LENGTH)) {
    return problem("put the name of the element in quotation marks");
  }
  return undefined;
}

/** A click on a named element, or the problem that keeps it from being found. */
export function clickOn(target: DescribedElement): Meaning {
  const clicked = pointAt("click", target);
  return isTicked(target) || clicked.kind !== "action" ? clicked : { ...clicked, login: "click" };
}

/** A command of the pointer on a named element. @param find how an element without a kind is found */
export function pointAt(
  pointing: "click" | "double_click" | "right_click" | "hover",
  target: DescribedElement,
  find = clickTarget,
): Meaning {
  return unclear(target) ?? action(commandOn(pointing, find(target)));
}

/** Ticks or unticks a named checkbox, radio button or switch. */
export function tick(ticking: "check" | "uncheck", target: DescribedElement): Meaning {
  return unclear(target) ?? action(commandOn(ticking, tickedTarget(target)));
}

export function inputCommand(field: DescribedElement, text: string): Meaning {
  const fault = unclear(field);
  if (fault !== undefined) return fault;
  const secret = isPassword(field);
  const command: Command = { action: "input", ...fieldTarget(field), text };
  if (!secret) return action(command);
  // Descriptions are shown while a test runs, so that a password must not be in them.
  return {
    ...action({ ...command, description: `Type the password into ${field.name}` }),
    login: "password",
  };
}

export function clearCommand(field: DescribedElement): Meaning {
  return unclear(field) ?? action({ action: "clear", ...fieldTarget(field) });
}

export function selectCommand(list: DescribedElement, label: string): Meaning {
  const fault = unclear(list);
  if (fault !== undefined) return fault;
  if (label === "") return problem("it names no option");
  return action({ action: "select", ...listTarget(list), label });
}

export function focusCommand(field: DescribedElement): Meaning {
  return unclear(field) ?? action({ action: "focus", ...fieldTarget(field) });
}
