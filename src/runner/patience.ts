import type { Goal } from "./page/requests.js";
import type { Patience } from "./ports.js";

/** Time that a navigation has to bring its document before checks look at the page that is there, in milliseconds. */
export const NAVIGATION_GRACE_MS = 1_500;

/** The part of a command's own time that input waits for a navigation: it would act on a page that is being left. */
const SHARE = 0.6;

/** Readings that tell what is there; of others, such as a count, one cannot say whether they are to be 0. */
const SEES = new Set(["text", "value", "attribute", "css"]);

/**
 * The wait for a navigation under way, after which the page that is there is asked. Whoever gives input, or looks for
 * something not to be there, waits longer: a person would rather see what comes.
 *
 * @param options.begun when the command began, by `performance.now()`
 */
export function patienceFor(
  goal: Goal & { ofAll?: boolean },
  {
    begun,
    timeoutMs,
    graceMs = NAVIGATION_GRACE_MS,
  }: { begun: number; timeoutMs: number; graceMs?: number | undefined },
): Patience {
  return { graceMs, until: seesWhatIsThere(goal) ? 0 : begun + timeoutMs * SHARE };
}

function seesWhatIsThere(goal: Goal & { ofAll?: boolean }): boolean {
  if (goal.until === "read") return goal.ofAll !== true && SEES.has(goal.reading.what);
  if (goal.until !== "state" || goal.forInput === true) return false;
  return goal.state !== "absent" && goal.state !== "hidden";
}
