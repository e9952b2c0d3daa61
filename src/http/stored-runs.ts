import type { RunReader, StoredRun } from "../cases/ports.js";
import { AppError } from "../protocol/errors.js";
import type { RunEvent } from "../protocol/messages.js";

/** Events read at once: a screenshot may be in each, and a large read blocks the event loop. */
const BATCH = 50;

/** @throws AppError `run_not_found` */
export async function runWithId(runs: RunReader, id: string): Promise<StoredRun> {
  const run = await runs.findRun(id);
  if (run !== undefined) return run;
  throw new AppError("run_not_found", `There is no run with id ${id}.`);
}

/** The stored events of a run after the one with this number, in order. */
export async function* eventBatches(
  runs: RunReader,
  runId: string,
  afterSeq: number,
): AsyncGenerator<RunEvent[]> {
  for (let seq = afterSeq; ;) {
    const events = await runs.findEvents(runId, { afterSeq: seq, limit: BATCH });
    yield events;
    const last = events.at(-1);
    if (last === undefined || events.length < BATCH) return;
    seq = last.seq;
  }
}
