import { abortable } from "../async/abortable.js";
import { runDeadline } from "./deadlines.js";
import type { RunFacilities } from "./facilities.js";
import { performAttempt } from "./perform-attempt.js";
import type { QueuedExecution } from "./queued-run.js";

/**
 * Performs a run from its first event to its saved verdict, in as many attempts as it takes and may take. Resolves when
 * its browser session is given back.
 *
 * @throws the database's error when the run could not be saved.
 */
export async function performRun(queued: QueuedExecution, facilities: RunFacilities): Promise<void> {
  const { run, runLog, limits, cancelled } = queued;
  const deadline = runDeadline(limits);
  const signal = AbortSignal.any([cancelled, deadline.signal]);
  const failedBefore = new Set<number>();
  const closing: Promise<void>[] = [];
  const started = facilities.store.startRun(run.id, new Date());
  // Looked at in the attempt; until then a rejection must not count as one that nobody handles.
  started.catch(() => undefined);
  try {
    for (let number = 1; ; number++) {
      const attempt = { number, queued, facilities, signal, failedBefore, started, closing };
      const failed = await performAttempt(attempt);
      if (failed === undefined) break;
      failedBefore.add(failed);
      // The next attempt may need the place of this one's session in the pool.
      await abortable(Promise.resolve(closing.at(-1)), signal).catch(() => undefined);
    }
    await runLog.flush();
  } finally {
    deadline.hold();
    await Promise.all(closing);
  }
}
