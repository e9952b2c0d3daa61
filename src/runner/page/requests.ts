import type { LocatorType } from "../../protocol/commands/locator-types.js";

/** Requests of the runner to the script inside the page, and the answers to them. Plain data both ways. */

/** A locator of the protocol, by its fields without their `locator_` prefix; see `src/protocol/commands/locator.ts`. */
export interface PageLocator {
  type: LocatorType;
  value: string;
  /** For `role`: the accessible name. */
  name?: string | undefined;
  /** True when texts are compared whole and with their case. @defaultValue true */
  exact?: boolean | undefined;
  /** Index among several matches, from 0, negative from the end. @defaultValue 0 */
  nth?: number | undefined;
  within?: PageLocator | undefined;
}

/**
 * An element as a command names it.
 *
 * The first locator is looked for alone until it has found nothing for {@link ALTERNATIVES_AFTER_MS}, or at the
 * last look of a shorter wait. From then on the alternatives are tried in order at each look at which it finds
 * nothing. For the states `absent` and `hidden` all of them are looked at from the beginning, and none may find
 * anything (that is visible).
 */
export interface PageTarget {
  locator: PageLocator;
  alternatives?: PageLocator[] | undefined;
  /** True when a locator that finds several elements that can be seen is refused. */
  strict?: boolean | undefined;
}

/** True when a target has a locator by role, for which the script for roles has to be in the page. */
export function needsRoles(target: PageTarget | undefined): boolean {
  return target !== undefined && [target.locator, ...(target.alternatives ?? [])].some(isByRole);
}

function isByRole({ type, within }: PageLocator): boolean {
  return type === "role" || (within !== undefined && isByRole(within));
}

/** Time for which a command's first locator is looked for alone, in milliseconds. */
export const ALTERNATIVES_AFTER_MS = 1_000;

/** Time for which an element may come to have something to scroll, before the wheel is turned over it. In milliseconds. */
export const WHEEL_AFTER_MS = 500;

/**
 * A state that an element can be in. `hidden` and `absent` hold for an element that is not there; every other
 * one needs it to be. `editable`: visible, enabled, made for text and not read-only.
 */
export type PageState =
  | "present"
  | "absent"
  | "visible"
  | "hidden"
  | "enabled"
  | "disabled"
  | "editable"
  | "not_editable"
  | "checked"
  | "unchecked";

/** Options of a list, named in one way. */
export type PageOptions = { by: "label" | "value"; names: string[] } | { by: "index"; names: number[] };

/** The page's report on a reading that is still the same. */
export const UNCHANGED = "it has not changed";

/** Something that can be read of a page. */
export type Reading =
  /** The visible text of the target. */
  | { what: "text" }
  /** The value of a form field; fails on an element that has none. */
  | { what: "value" }
  /** An attribute as it stands in the document; `value`, `checked` and `selected` of a field as they are now. */
  | { what: "attribute"; name: string }
  | { what: "css"; name: string }
  /** A {@link FileWay}. */
  | { what: "file_way" }
  /** The number of elements that the target's first locator finds, as text. Never waits for an element. */
  | { what: "count" }
  /** A {@link Box}, as JSON. */
  | { what: "box" }
  /** The boxes of all elements that the target's first locator finds, as JSON array. Never waits for an element. */
  | { what: "boxes" }
  /** The chosen options of a list, as JSON array of what `by` says; see {@link PageOptions}. */
  | { what: "selected"; by: "label" | "value" | "index" }
  | { what: "title" };

/** The left, top, right and bottom edge of an element, in CSS pixels of its frame's viewport. */
export type Box = [left: number, top: number, right: number, bottom: number];

/**
 * The way in which people give files to an element: it is a file field; a click on it opens a file chooser; they drop
 * files there, or else click; or it takes none.
 */
export type FileWay = "field" | "chooser" | "zone" | "none";

/**
 * The point of an element that the pointer is to go to, from its top left corner in CSS pixels; its middle by default.
 */
export interface Offset {
  x?: number | undefined;
  y?: number | undefined;
}

/** The pointer's next action, which has to hit the element that it was meant for. */
export type PointerGuard = "click" | "press" | "move" | "wheel" | "drop";

/**
 * The condition that has to hold in the page before it answers:
 * - `state`: one of the matches that can be seen is in the state, or all for one that says that something is not so;
 *   with `ofOne` it is asked only of the match that other commands take;
 * - `pointable`: visible, in the same place for two frames, inside the viewport and what a click at `point`
 *   would hit; enabled too unless `disabledToo`. With `guard`, what the pointer does next is watched until
 *   `confirmHit`. An element that is transparent is answered with `reveals` unless it is `revealed`: the pointer has
 *   to go there for the page to show it;
 * - `typeable`: visible, enabled and made for text; it then has the focus and its content is selected. A control
 *   that takes no key strokes is given `text` at once, which is missing where the page must not see it. The names of the
 *   secrets in the text are remembered with it. In a frame, the keys are watched until `confirmKeys`;
 * - `focused`, `blurred`: the target is visible, and `act` gives it the focus or takes it away. With `forKeys`, in a
 *   frame, the keys are watched as for `typeable`;
 * - `refocused`: always; in a frame that has lost the focus `act` gives it back to what had it there, and the keys are
 *   watched as for `typeable`;
 * - `chosen`: it is a visible, enabled list with these options, and `act` chooses exactly them;
 * - `submitted`: its form can be submitted, and `act` submits it as its submit button would;
 * - `scrolled`: it can be scrolled (or is the page, without a target), and `act` does it. With `orWheel`, also where
 *   people could scroll nothing in it by the distance, and nothing is left for `act`;
 * - `read`: the reading is the answer's `value`, and is kept in the document under the number `as`. It is another than
 *   the one that is kept under `unlike`, so that a long text that stays as it is comes over only once. Of a text the
 *   answer has those of all other matches too, unless it is asked for `alone`;
 * - `ready`: always, once the document is ready for input as `readyMs` has it;
 * - `held`: the target is present and is what the next call of `heldElement` returns, as for frames. With `files`, it is
 *   a field to which people could give that many files; it is watched until `confirmFiles`.
 */
export type Goal =
  | { until: "state"; state: PageState; forInput?: boolean; ofOne?: boolean }
  | {
      until: "pointable";
      offset?: Offset | undefined;
      disabledToo?: boolean;
      guard?: PointerGuard;
      revealed?: boolean;
    }
  | { until: "typeable"; text?: string; secrets?: readonly string[]; bonds?: readonly HostBond[] }
  | { until: "focused"; forKeys?: boolean; edits?: boolean }
  | { until: "blurred" | "refocused" | "ready" | "submitted" }
  | { until: "held"; files?: number }
  | { until: "chosen"; options: PageOptions }
  | { until: "scrolled"; by?: { x: number; y: number }; to?: "top" | "bottom"; orWheel?: boolean }
  | { until: "read"; reading: Reading; as?: number; unlike?: number; alone?: boolean };

/**
 * Hosts outside of which nothing is typed, in lower case and without brackets, and the beginning of the message for
 * any other host, before its name.
 */
export interface HostBond {
  hosts: readonly string[];
  refusal: string;
}

export type PageRequest = Goal & {
  /** Missing for a request that concerns the page as a whole. */
  target?: PageTarget;
  /** Longest wait, in milliseconds. */
  timeoutMs: number;
  /** Time for which this target has been waited for already, in earlier slices and documents. In milliseconds. */
  waitedMs?: number;
  /**
   * Longest wait for what makes the document answer input: its scripts, and `load` where that is near. Counted from the
   * first look at the document, in milliseconds. Missing for a request that needs none of that.
   */
  readyMs?: number;
  /** True where the answer may come early to have the pointer moved away from what covers the target. */
  mayLeave?: boolean;
};

export type PageResult =
  | Satisfied
  | Unsatisfied
  | { outcome: "invalid-locator"; reason: string }
  /** The request cannot become true by waiting, such as one for the value of an element that is no form field. */
  | { outcome: "impossible"; reason: string };

export interface Satisfied {
  outcome: "satisfied";
  /** For `pointable`, and for a page that is still: CSS pixels in the viewport of the frame. */
  point?: { x: number; y: number };
  /** For `scrolled`: true when nothing could be scrolled, and the wheel has to be turned instead. */
  isStill?: boolean;
  /** For `typeable`: `set` when the control takes no key strokes (a date, a colour) and holds the text already. */
  field?: "empty" | "selected" | "set" | "editor";
  /** For `typeable`: true when each key has to wait for what the page does at the one before it. */
  keyByKey?: true;
  /** For an `editor`, which takes keys for a text that it draws elsewhere: the keys that select all of it. */
  selectAll?: string[];
  /** True when the keys pressed next are watched until `confirmKeys`. */
  watchesKeys?: boolean;
  /** For `read`; `null` when an attribute is not there. */
  value?: string | null;
  /** For `pointable`: the element is transparent, and may be shown once the pointer is over the point. */
  reveals?: true;
  /** For `pointable`: no pointer can reach an option of a drop-down list; `act` chooses it. */
  acts?: true;
  /** For `read` of a text: those of the other matches that can be seen. */
  others?: OtherReading[];
  /** For `read`: names of the secrets that were typed into what was read. */
  from?: readonly string[];
  /** For `read`: true when the value is a time, which a field may write with seconds or without. */
  isTime?: boolean;
  /** A thing that a person should know who looks at the run, as a clause. */
  warning?: string;
  /** Number of the target's alternative that was used, from 1. Missing when the first locator found the element. */
  alternative?: number;
  /** The match that was used, by its number from 1, and why the first was not. Missing when it was the first. */
  match?: { number: number; passedOver: string };
}

export interface OtherReading {
  value: string | null;
  from: readonly string[];
  isTime?: boolean;
}

export interface Unsatisfied {
  outcome: "unsatisfied";
  /** The reason why it was not true, as a clause: "there is no such element", "it is covered by <div>". */
  seen: string;
  /** A place to which the pointer is to go first: what it has opened may cover the target. */
  leaveTo?: { x: number; y: number };
}
