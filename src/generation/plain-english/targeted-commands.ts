import type { Command } from "../../protocol/commands.js";
import { clickTarget, fieldTarget, isTicked, listTarget, tickedTarget } from "./finding.js";
import { action, commandOn, problem, type Meaning, type Problem } from "./meaning.js";
import type { TargetKind } from "./kinds.js";
import { isPassword } from "./targets.js";
import type { DescribedElement } from "./elements.js";
import type { DescribedValue } from "./values.js";

/** Words that point at something without naming it. */
const NAMELESS =
  /^(?:it|this|that|them|there|here|following|(?:following )?(?:form|page|details|data|fields?|values?|information))$/i;
const POINTING = /^(?:it|this|that|them|there|here)$/i;
/** Kinds whose word alone is hardly ever a name. */
const NAMES_NONE: ReadonlySet<TargetKind> = new Set(["other", "icon", "option"]);
const MAX_NAME_LENGTH = 80;

/** The problem that keeps a target from being found, if any: a wrong guess would fail far from its cause. */
export function unclear({
  name,
  isQuoted,
  locator,
  kind,
  kindWord,
  nth,
  isIndefinite,
  sight,
}: DescribedElement): Problem | undefined {
  if (locator !== undefined) return undefined;
  // The page tells which one it is, or that there are several.
  if (sight !== undefined && (isQuoted || !POINTING.test(name)) && (kind !== undefined || name !== ""))
    return undefined;
  if (isIndefinite && kind !== "field" && kind !== "list" && /^\p{Ll}/u.test(name))
    return problem("it may be one of several: name the one that is meant, in quotation marks");
  if (name === "" && nth !== undefined && kind !== undefined) return undefined;
  // "the first product" is no name: only the page tells which elements are products.
  if (kind !== undefined && NAMES_NONE.has(kind) && !isQuoted && name === kindWord)
    return problem("it does not say by name which element is meant");
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

export function inputCommand(
  field: DescribedElement,
  { text, asks }: Pick<DescribedValue, "text" | "asks">,
): Meaning {
  const fault = unclear(field);
  if (fault !== undefined) return fault;
  const secret = isPassword(field);
  const command: Command = { action: "input", ...fieldTarget(field), text };
  const asking = asks === undefined ? {} : { asks: [asks] };
  if (!secret) return { ...action(command), ...asking };
  // Descriptions are shown while a test runs, so that a password must not be in them.
  return {
    ...action({ ...command, description: `Type the password into ${field.name}` }),
    ...asking,
    login: "password",
  };
}

export function clearCommand(field: DescribedElement): Meaning {
  return unclear(field) ?? action({ action: "clear", ...fieldTarget(field) });
}

export function selectCommand(
  list: DescribedElement,
  { text: label, asks }: Pick<DescribedValue, "text" | "asks">,
): Meaning {
  const fault = unclear(list);
  if (fault !== undefined) return fault;
  if (label === "") return problem("it names no option");
  const chosen = action({ action: "select", ...listTarget(list), label });
  return asks === undefined ? chosen : { ...chosen, asks: [asks] };
}

/** The same commands as often as the description says. */
export function repeated(meaning: Meaning, times: number | null): Meaning {
  if (times === null || meaning.kind !== "action") return meaning;
  return { ...meaning, commands: Array.from({ length: times }, () => meaning.commands).flat() };
}

export function focusCommand(field: DescribedElement): Meaning {
  return unclear(field) ?? action({ action: "focus", ...fieldTarget(field) });
}
