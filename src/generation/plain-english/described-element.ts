import type { Locator, Target } from "../../protocol/commands.js";
import type { Containers } from "./containers.js";
import type { TargetKind } from "./kinds.js";

/** A part of a page by which a person tells where something is. */
export interface Place {
  relation: "in" | "beside" | "under";
  /** The word for its kind, such as "row"; empty where the description has none. */
  kindWord: string;
  /** Empty where it has no name, as in "the dialog". */
  name: string;
}

/**
 * The thing that is to be done with an element, as far as it tells which elements are meant. `point`: to hover, to drag;
 * `see`: to check.
 */
export type Intent = "click" | "type" | "select" | "tick" | "upload" | "point" | "see";

/** A page that is open, on which described elements are found. */
export interface Sight {
  targetFor: (target: DescribedElement, intent: Intent) => Target;
}

/** An element as a description tells of it. */
export interface DescribedElement {
  /** `undefined` where the description does not say what kind of element it is. */
  kind: TargetKind | undefined;
  /** Empty where it has no name, as in "the button". */
  name: string;
  /** The name with the word for its kind: "Add item" may be an item called Add, or a button called "Add item". */
  fullName: string;
  isQuoted: boolean;
  /** A locator that the description spells out. */
  locator: Locator | undefined;
  /** The author's own words for it. */
  words: string;
  /** The word that stands for its kind. */
  kindWord: string;
  /** The number among several, from 0; -1 is the last. */
  nth: number | undefined;
  /** The parts of the page in which it is. */
  within: Containers | undefined;
  /** Words tell where a person looks for it, which no locator says: there it may be the only one of several. */
  isLoose?: boolean;
  /** "a product", "any link": it may be one of many. */
  isIndefinite: boolean;
  /** Words for the parts of the page in which it is, or beside which. @defaultValue none */
  places?: readonly Place[];
  /** The open page, on which the element itself can be found. */
  sight?: Sight;
}
