import { timeoutSignal } from "../async/timeout-signal.js";
import type { CommandContext } from "./executor.js";
import { NotSatisfied } from "./find.js";

/** Time for which something has to stay so that nobody may have done yet, in milliseconds: requests may come late. */
const QUIET_MS = 500;

export interface Look {
  /** The thing that is wrong, as a clause; nothing when all is well. */
  wrong: string | undefined;
  /** True when no time can make it right again. */
  isFinal?: boolean;
}

/**
 * Looks again at each event until there has been nothing wrong for a while, or for all of a shorter time that the
 * command has.
 *
 * @param quietMs that while; 0 for what stays right once it is
 * @throws NotSatisfied with what was wrong last
 */
export async function waitForQuiet(
  look: () => Look,
  event: (signal: AbortSignal) => Promise<unknown>,
  {
    timeoutMs,
    signal,
    quietMs = QUIET_MS,
  }: Pick<CommandContext, "timeoutMs" | "signal"> & { quietMs?: number | undefined },
): Promise<void> {
  const end = performance.now() + timeoutMs;
  let rightSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const { wrong, isFinal = false } = look();
    const now = performance.now();
    rightSince = wrong === undefined ? (rightSince ?? now) : undefined;
    const until = rightSince === undefined ? end : Math.min(end, rightSince + quietMs);
    if (now >= until || isFinal) {
      if (wrong === undefined) return;
      throw new NotSatisfied(wrong);
    }
    const time = timeoutSignal(until - now);
    try {
      await event(AbortSignal.any([signal, time]));
    } catch (error) {
      if (!time.aborted) throw error;
    }
  }
}
