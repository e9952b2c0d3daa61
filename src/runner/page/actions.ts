import { describe, hasFocus, isDisabled } from "./element.ts";
import { choose, lookForOptions } from "./options.ts";
import type { PageRequest } from "./requests.ts";
import { Impossible, type PageAction } from "./results.ts";
import { scrollingOf } from "./scrolling.ts";
import { whyOutOfSight } from "./sight.ts";

/** @returns what is left to do once everything is ready for it, or what is not ready, as a clause */
export function actionOf(request: PageRequest, element: Element): PageAction | string {
  switch (request.until) {
    case "focused":
      return whyOutOfSight(element, "around") ?? (() => focus(element));
    case "blurred":
      return whyOutOfSight(element, "around") ?? (() => blur(element));
    case "submitted":
      return submissionOf(element);
    case "chosen": {
      const { options } = request;
      const result = lookForOptions(element, options);
      if (result.outcome === "unsatisfied") return result.seen;
      return () => {
        choose(element, options);
        return undefined;
      };
    }
    case "scrolled":
      return scrollingOf(request, element);
    default:
      throw new Error(`nothing is done for ${request.until}`);
  }
}

function focus(element: Element): string | undefined {
  if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
  return hasFocus(element) ? undefined : `${describe(element)} does not take the focus`;
}

function blur(element: Element): string | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (!hasFocus(element)) return undefined;
  if (active instanceof HTMLElement || active instanceof SVGElement) active.blur();
  return hasFocus(element) ? `${describe(element)} keeps the focus` : undefined;
}

/** Submits as pressing Enter in a field does: with the form's first submit button, and not while that is disabled. */
function submissionOf(element: Element): PageAction | string {
  const form = element instanceof HTMLFormElement ? element : formOf(element);
  if (form === null) throw new Impossible(`${describe(element)} is in no form`);
  const buttons = Array.from(form.elements).filter(isSubmitButton);
  const button = isSubmitButton(element) ? element : buttons[0];
  if (button !== undefined && isDisabled(button)) return `${describe(button)} is disabled`;
  const invalid = form.noValidate || button?.formNoValidate ? null : form.querySelector(":invalid");
  if (invalid !== null && "validationMessage" in invalid) {
    return `${describe(invalid)} is not filled in as the form needs it: ${JSON.stringify(invalid.validationMessage)}`;
  }
  return () => {
    form.requestSubmit(button);
    return undefined;
  };
}

function formOf(element: Element): HTMLFormElement | null {
  const own: unknown = "form" in element ? element.form : null;
  return own instanceof HTMLFormElement ? own : element.closest("form");
}

function isSubmitButton(element: Element): element is HTMLButtonElement | HTMLInputElement {
  if (element instanceof HTMLButtonElement) return element.type === "submit";
  return element instanceof HTMLInputElement && /^(submit|image)$/.test(element.type);
}
