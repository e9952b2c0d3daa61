import { setTimeout as delay } from "node:timers/promises";
import { timeoutSignal } from "../async/timeout-signal.js";
import type { CommandContext } from "./executor.js";
import { NotSatisfied } from "./find.js";
import { isDocumentReplaced } from "./ports.js";

/** Pauses between two looks, in milliseconds; the last is repeated. */
const PAUSES_MS = [5, 10, 20, 50] as const;

/** Time that the last look may take, in milliseconds: what is looked at may be on its way. */
const LAST_LOOK_MS = 1_000;

const STILL_LOADING = "the page was still loading";

/**
 * Looks again and again until there is nothing wrong. It serves for things that the script inside a page cannot wait
 * for, such as windows and addresses.
 *
 * @param look resolves with what is wrong, as a clause, or with `undefined`; is given up some time after the time is up
 * @throws NotSatisfied when the time is up, with what was wrong last.
 */
export async function poll(
  look: (until: AbortSignal) => Promise<string | undefined>,
  { timeoutMs, signal }: Pick<CommandContext, "timeoutMs" | "signal">,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const time = timeoutSignal(timeoutMs + LAST_LOOK_MS);
  const until = AbortSignal.any([signal, time]);
  for (let looks = 0; ; looks++) {
    signal.throwIfAborted();
    const wrong = await lookOnce(() => look(until), time);
    if (wrong === undefined) return;
    const remaining = deadline - performance.now();
    if (remaining <= 0) throw new NotSatisfied(wrong);
    const pause = PAUSES_MS[looks] ?? PAUSES_MS[3];
    await delay(Math.min(pause, remaining), undefined, { signal });
  }
}

/** As {@link poll}, but woken by an event of the page instead of looking at fixed times. */
export async function waitForEvent(
  look: () => string | undefined,
  event: (signal: AbortSignal) => Promise<unknown>,
  { timeoutMs, signal }: Pick<CommandContext, "timeoutMs" | "signal">,
): Promise<void> {
  const time = timeoutSignal(timeoutMs);
  const isOver = () => time.aborted;
  for (;;) {
    signal.throwIfAborted();
    const wrong = look();
    if (wrong === undefined) return;
    if (isOver()) throw new NotSatisfied(wrong);
    try {
      await event(AbortSignal.any([signal, time]));
    } catch (error) {
      if (!isOver()) throw error;
    }
  }
}

async function lookOnce(
  look: () => Promise<string | undefined>,
  time: AbortSignal,
): Promise<string | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isDocumentReplaced(error) || (time.aborted && error === time.reason)) return STILL_LOADING;
    throw error;
  }
}
