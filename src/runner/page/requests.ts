/** What the runner asks of the script inside the page, and what that answers. Plain data both ways. */

export interface PageLocator {
  type: "id" | "xpath" | "css" | "class" | "name" | "tag" | "link_text" | "partial_link_text";
  value: string;
}

/**
 * What has to be true of the element before the answer:
 * - `present`: it is in the document;
 * - `clickable`: visible, in the same place for two frames, enabled, and what a click at `point` would hit;
 * - `editable`: visible, enabled and made for text; it then has the focus and its content is selected;
 * - `text`: its visible text contains `expected`;
 * - `option`: it is an enabled list with an option labelled `expected`, which is then chosen.
 */
export type Condition = "present" | "clickable" | "editable" | "text" | "option";

export interface PageRequest {
  locator: PageLocator;
  until: Condition;
  /** The text to contain for `text`, the label for `option`, the text to be typed for `editable`. */
  expected?: string;
  /** Longest wait, in milliseconds. */
  timeoutMs: number;
}

export type PageResult = Satisfied | Unsatisfied | { outcome: "invalid-locator"; reason: string };

export interface Satisfied {
  outcome: "satisfied";
  /** Where to click, for `clickable`: CSS pixels in the viewport. */
  point?: { x: number; y: number };
  /** For `editable`: `set` when the control takes no key strokes (a date, a colour) and holds the text already. */
  field?: "empty" | "selected" | "set";
}

export interface Unsatisfied {
  outcome: "unsatisfied";
  /** What kept it from being true, as a clause: "there is no such element", "it is covered by <div>". */
  seen: string;
}
