import { controlOf, describe, isCustom, isDisabled } from "./element.ts";
import { notEditable } from "./fields.ts";
import type { PageResult, PageState } from "./requests.ts";
import { Impossible, unsatisfiedBy } from "./results.ts";
import { whyUnseen } from "./sight.ts";

/** States of an element that is there; `hidden` and `absent` are judged where none may be. */
type ElementState = Exclude<PageState, "hidden" | "absent">;

/** Tells whether an element that is there is in the state. */
export function lookForState(element: Element, state: PageState): PageResult {
  return unsatisfiedBy(problemOf(element, state as ElementState));
}

/** True for a state that says that something is not so: nothing that is found may be otherwise. */
export function holdsForAll(state: PageState): boolean {
  return state === "disabled" || state === "unchecked" || state === "not_editable";
}

/** The reason why the element is not in the state, if there is one. */
function problemOf(element: Element, state: ElementState): string | undefined {
  const name = describe(element);
  switch (state) {
    case "present":
      return undefined;
    case "visible":
      return whyUnseen(element);
    case "enabled":
      return isDisabled(controlOf(element)) ? `${name} is disabled` : undefined;
    case "disabled":
      return isDisabled(controlOf(element)) ? undefined : `${name} is enabled`;
    case "editable":
      return notEditable(element);
    case "not_editable":
      return notEditable(element) === undefined ? `${name} can be edited` : undefined;
    case "checked":
      return isChecked(element) ? undefined : `${name} is not checked`;
    case "unchecked":
      return isChecked(element) ? `${name} is checked` : undefined;
  }
}

/** https://www.w3.org/TR/wai-aria-1.2/#aria-checked: without the attribute, one of these is not checked. */
const CHECKABLE = "[aria-checked],[role=checkbox],[role=radio],[role=switch],[role^=menuitem]";

function isChecked(element: Element): boolean {
  const control = boxOf(controlOf(element));
  if (control instanceof HTMLInputElement && /^(checkbox|radio)$/.test(control.type)) return control.checked;
  if (control.matches(CHECKABLE)) return control.getAttribute("aria-checked") === "true";
  throw new Impossible(`${describe(element)} is no checkbox, radio button or switch`);
}

/** The box to tick that a custom element is made of; any other element is its own. */
function boxOf(control: Element): Element {
  if (control.shadowRoot === null || !isCustom(control) || control.matches(CHECKABLE)) return control;
  return control.shadowRoot.querySelector("input[type=checkbox],input[type=radio]") ?? control;
}
