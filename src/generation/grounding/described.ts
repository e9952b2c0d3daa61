import type { DescribedElement, Place } from "../plain-english/described-element.js";
import type { TargetKind } from "../plain-english/kinds.js";

export interface Described {
  kind?: TargetKind;
  isQuoted?: boolean;
  nth?: number;
  places?: readonly Place[];
}

/** An element by a name, as rules for sentences describe it. */
export function described(
  name: string,
  { kind, isQuoted = false, nth, places = [] }: Described = {},
): DescribedElement {
  return {
    kind,
    name,
    fullName: name,
    isQuoted,
    locator: undefined,
    words: name,
    kindWord: "",
    nth,
    within: undefined,
    isIndefinite: false,
    places,
  };
}

/** Something in the row, card or list item in which a text stands. */
export function besides(name: string): readonly Place[] {
  return [{ relation: "in", kindWord: "row", name }];
}
