import type { RunEvent } from "../protocol/messages.js";
import type { RunReader } from "./ports.js";

/** Events read at once: a screenshot may be in each, and a large read blocks the event loop. */
const BATCH = 50;

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
