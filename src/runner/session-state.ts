import type { TextExpectation } from "./matching.js";
import type { Dialog, Variables } from "./ports.js";

/** What commands remember for later commands of the same browser session, in whatever step those are. */
export interface SessionState {
  /** What is expected of the first dialog after another, or of the first at all. */
  nextDialog?: { expectation: TextExpectation; after: Dialog | undefined } | undefined;
  /**
   * The window that commands have chosen; until then the current one is the one that was opened first. The page
   * tells which windows there are, not which is the current one.
   */
  windowId?: string | undefined;
  /**
   * How often `wait_for_download` has had a download of a name and address: each command waits for one of its
   * own. Downloads have no number, and their records may be made anew as they change.
   */
  readonly takenDownloads: Map<string, number>;
}

/** By the variables, which live as long as the session; the page may be another object for each script. */
const states = new WeakMap<Variables, SessionState>();

export function sessionState(variables: Variables): SessionState {
  const known = states.get(variables);
  if (known) return known;
  const state: SessionState = { takenDownloads: new Map() };
  states.set(variables, state);
  return state;
}
