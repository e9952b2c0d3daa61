import type { Locator } from "../../protocol/commands.js";

/** A thing that can be so or not: as assistive technology tells of it. `modal`: a dialog
 * that nobody can act beside; `unseen`: a file field that the page draws otherwise. */
export type SeenState =
  | "checked"
  | "unchecked"
  | "mixed"
  | "selected"
  | "pressed"
  | "expanded"
  | "collapsed"
  | "disabled"
  | "required"
  | "readonly"
  | "invalid"
  | "focused"
  | "current"
  | "modal"
  | "unseen";

/** A text that may be what people call an element, beside its name. */
export interface NameHint {
  /** `beside`: a text next to it; `code`: words that only programmers see, such as an id or the class of an icon. */
  from: "placeholder" | "title" | "text" | "beside" | "code";
  text: string;
}

/**
 * A part of a page as people see it. `control`: they act on it; `container`: it holds others together, such as a row, a
 * dialog or a section; `text`: they read it.
 */
export interface SeenNode {
  /** Names it in this snapshot, and in no other. */
  ref: string;
  kind: "control" | "container" | "text";
  /** Its ARIA role; `item` for one of several containers alike, `clickable` and `file` for controls that have none. */
  role: string;
  /** The accessible name of a control or container, or the text. */
  name: string;
  /** The innermost container that it is in. */
  parent?: string;
  states: readonly SeenState[];
  /** Of a heading. */
  level?: number;
  /** The content of a field, or the chosen option of a list. Never that of a password field. */
  value?: string;
  /** The options of a list, as far as there is room. */
  options?: readonly string[];
  /** The type of an input field, such as `email`. */
  inputType?: string;
  /** The address that a link leads to. */
  leadsTo?: string;
  hints: readonly NameHint[];
  /** Locators of which each finds nothing but this, best first. They count from its frame's document. */
  locators: readonly Locator[];
  /** For a container of which there are several alike: the XPath step that finds them all. */
  step?: string;
  /** Number of its frame in {@link PageSnapshot.frames}; missing in the current document. */
  frame?: number;
}

/** A frame inside the current document, or inside another of its frames. */
export interface SeenFrame {
  /** Locators of the frame's element, in the document around it. */
  locators: readonly Locator[];
  /** Number of the frame around it. */
  parent?: number;
}

/** A page as people see it at one moment, without secrets. */
export interface PageSnapshot {
  url: string;
  title: string;
  /** In the order of the document, frames where they are. A container comes before what is in it. */
  nodes: readonly SeenNode[];
  frames: readonly SeenFrame[];
  /** Number of parts for which there was no room. */
  leftOut: number;
}

export interface SnapshotOptions {
  signal: AbortSignal;
  /** Hides the run's secrets in a text. */
  mask: (text: string) => string;
  /** Most nodes. @defaultValue 2,000 */
  maxNodes?: number;
}
