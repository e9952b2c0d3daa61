import { hasFocus, isDisabled } from "../element.ts";
import type { SeenState } from "../../ports/snapshot.ts";

/** The states of a control, as it tells of them itself. */
export function statesOf(control: Element, role: string): SeenState[] {
  const is = (name: string) => control.getAttribute(`aria-${name}`);
  const states: (SeenState | undefined)[] = [
    checkedState(control, role),
    is("selected") === "true" ? "selected" : undefined,
    is("pressed") === "true" ? "pressed" : undefined,
    expandedState(control),
    isDisabled(control) ? "disabled" : undefined,
    is("required") === "true" || control.matches(":required") ? "required" : undefined,
    is("readonly") === "true" || isReadOnly(control) ? "readonly" : undefined,
    /^(?!false$)./.test(is("invalid") ?? "") ? "invalid" : undefined,
    /^(?!false$)./.test(is("current") ?? "") ? "current" : undefined,
    hasFocus(control) ? "focused" : undefined,
  ];
  return states.filter((state) => state !== undefined);
}

function isReadOnly(control: Element): boolean {
  return (
    (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) &&
    control.readOnly &&
    !/^(?:checkbox|radio|button|submit|reset|file)$/.test(control.type)
  );
}

const TICKED = /^(?:checkbox|radio|switch|menuitemcheckbox|menuitemradio)$/;

function checkedState(control: Element, role: string): SeenState | undefined {
  if (!TICKED.test(role)) return undefined;
  if (control instanceof HTMLInputElement) {
    if (control.indeterminate) return "mixed";
    return control.checked ? "checked" : "unchecked";
  }
  const state = control.getAttribute("aria-checked");
  return state === "true" ? "checked" : state === "mixed" ? "mixed" : "unchecked";
}

function expandedState(control: Element): SeenState | undefined {
  const details = control.localName === "summary" ? control.closest("details") : null;
  if (details !== null) return details.open ? "expanded" : "collapsed";
  const state = control.getAttribute("aria-expanded");
  if (state === null) return undefined;
  return state === "true" ? "expanded" : "collapsed";
}

/** Longest text of one thing that leaves the page, in characters: the beginning of a secret can be told in it. */
export const MAX_TEXT = 1_000;
const MAX_OPTIONS = 60;

/** Fields whose content is nobody's business, whatever it is. */
const PRIVATE = /^(?:cc-|one-time-code|current-password|new-password)/;

/** The content of a field or the chosen option of a list. */
export function valueOf(control: Element): string | undefined {
  if (control instanceof HTMLSelectElement) {
    return Array.from(control.selectedOptions, ({ label }) => label.trim()).join(", ");
  }
  if (control instanceof HTMLInputElement) {
    if (/^(?:password|file|hidden|checkbox|radio|button|submit|reset|image)$/.test(control.type))
      return undefined;
    if (isForPassword(control)) return undefined;
    return control.value;
  }
  if (control instanceof HTMLTextAreaElement) return control.value;
  const isEditor = control instanceof HTMLElement && control.isContentEditable;
  return isEditor ? control.innerText.trim() : (control.getAttribute("aria-valuetext") ?? undefined);
}

/** A field that shows its password has another type for a while. */
function isForPassword(control: HTMLInputElement): boolean {
  return (
    PRIVATE.test(control.autocomplete) ||
    /passw|passcode|secret|token|cvv|cvc/i.test(control.name + control.id)
  );
}

export function optionsOf(control: Element): string[] | undefined {
  if (!(control instanceof HTMLSelectElement)) return undefined;
  return Array.from(control.options)
    .slice(0, MAX_OPTIONS)
    .map(({ label }) => label.trim());
}
