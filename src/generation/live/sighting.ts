import { setTimeout as delay } from "node:timers/promises";
import type { Page, PageSnapshot, TakeSnapshot, Variables } from "../../runner/ports.js";

/** Longest wait for what the page does not show yet, and the time between two looks, in milliseconds. */
const LATE_MS = 5_000;
const LOOK_INTERVAL_MS = 250;

export interface Sighting {
  page: Page;
  takeSnapshot: TakeSnapshot;
  variables: Pick<Variables, "mask">;
  signal: AbortSignal;
}

/** The page as people see it now; nothing where a dialog blocks it. */
export async function snapshotOf({
  page,
  takeSnapshot,
  variables,
  signal,
}: Sighting): Promise<PageSnapshot | undefined> {
  if (page.openDialog) return undefined;
  return await takeSnapshot(page, { signal, mask: (text) => variables.mask(text) });
}

/** Looks until something is there, or the time for what comes late is over. @returns what came of the last look */
export async function lookUntil<T>(
  look: () => Promise<T>,
  isThere: (seen: T) => boolean,
  { signal }: Pick<Sighting, "signal">,
): Promise<T> {
  const until = performance.now() + LATE_MS;
  for (;;) {
    const seen = await look();
    if (isThere(seen) || performance.now() > until) return seen;
    await delay(LOOK_INTERVAL_MS, undefined, { signal });
  }
}
