import type { StoredRun } from "../cases/ports.js";
import type { RunEvent } from "../protocol/messages.js";
import type { TriedSentence } from "../protocol/verification.js";

export interface ReportedSentence extends TriedSentence {
  /** Number of its step in the case. */
  stepNumber: number;
}

/** A run that generated on the open page, as people see it. */
export interface GenerationReport {
  run: StoredRun;
  /** In the order in which they were tried. */
  sentences: ReportedSentence[];
}

/** Folds the events of a generation's run. @param events all of them so far, in order */
export async function generationReportOf(
  run: StoredRun,
  events: AsyncIterable<readonly RunEvent[]>,
): Promise<GenerationReport> {
  const sentences: ReportedSentence[] = [];
  for await (const batch of events) {
    for (const event of batch) {
      if (event.type !== "generation_progress" || event.sentence === undefined) continue;
      sentences.push({ ...event.sentence, stepNumber: event.step_number ?? 0 });
    }
  }
  return { run, sentences };
}
