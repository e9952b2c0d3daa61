import type { Goal, PageRequest } from "./page/requests.js";

/** Longest wait for what makes a document answer input, in milliseconds, where the server names no other. */
export const READY_TIMEOUT_MS = 5_000;

/** The part of a command's own time that the wait may take: the rest is for the element. */
const SHARE = 0.8;

/** Goals of commands that give input to the page; checks take the page as it is. */
const INPUTS = new Set<PageRequest["until"]>([
  "pointable",
  "typeable",
  "focused",
  "blurred",
  "refocused",
  "ready",
  "chosen",
  "submitted",
]);

/** @returns the field of a request that has the page wait until it is ready for input, where that is needed */
export function readiness(
  goal: Goal,
  {
    timeoutMs,
    readyTimeoutMs = READY_TIMEOUT_MS,
  }: { timeoutMs: number; readyTimeoutMs?: number | undefined },
): { readyMs?: number } {
  const isInput = INPUTS.has(goal.until) || (goal.until === "state" && goal.forInput === true);
  return isInput ? { readyMs: Math.min(readyTimeoutMs, timeoutMs * SHARE) } : {};
}
