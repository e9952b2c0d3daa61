import type { RunEvent } from "../../protocol/messages.js";
import type { SelectedTest, TestOutcome, TestRuns } from "./test-runs.js";

/** Told what happens to tests while it does. */
export interface Listener {
  testBegun(test: SelectedTest): void;
  testTold(test: SelectedTest, event: RunEvent): void;
  testEnded(test: SelectedTest, outcome: TestOutcome): void;
  testSkipped(test: SelectedTest, reason: string): void;
}

export interface PerformOptions {
  /** Tests side by side. */
  parallel: number;
  failFast: boolean;
  listener: Listener;
  /** Ends the tests that are under way and begins no further one. */
  signal: AbortSignal;
}

/** A test with its outcome; without one it was not begun. */
export interface PerformedTest {
  test: SelectedTest;
  outcome: TestOutcome | undefined;
}

/** Runs all tests, so many side by side, and gives their outcomes in the tests' own order. */
export async function performAll(
  runs: TestRuns,
  { parallel, failFast, listener, signal }: PerformOptions,
): Promise<PerformedTest[]> {
  const performed: PerformedTest[] = runs.tests.map((test) => ({ test, outcome: undefined }));
  const waiting = performed.values();
  let isFailed = false;
  const work = async () => {
    for (const one of waiting) {
      const { test } = one;
      if (signal.aborted || (failFast && isFailed)) {
        listener.testSkipped(test, signal.aborted ? "interrupted" : "another test did not pass");
        continue;
      }
      listener.testBegun(test);
      const onEvent = (event: RunEvent) => {
        listener.testTold(test, event);
      };
      one.outcome = await runs.perform(test, { onEvent, signal });
      isFailed ||= one.outcome.status !== "passed";
      listener.testEnded(test, one.outcome);
    }
  };
  // All workers take from the one iterator, so that none idles while a test waits.
  await Promise.all(Array.from({ length: Math.min(parallel, performed.length) }, work));
  return performed;
}
