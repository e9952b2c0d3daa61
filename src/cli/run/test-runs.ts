import type { RunEvent, Verdict } from "../../protocol/messages.js";
import type { ReportRun } from "../../protocol/report.js";
import type { ReadArtifact } from "../../reports/html/parts.js";

/** A test case that is to be run. */
export interface SelectedTest {
  /** Its id where it is run. */
  id: number;
  name: string;
  /** Where it is written, such as `cases/login.yaml:3`; undefined for one that a server keeps. */
  place: string | undefined;
}

export interface TestOutcome {
  status: Verdict;
  /** Why it did not pass. */
  errorMessage: string | undefined;
  flaky: boolean;
  attempts: number;
  /** Number of its commands that check something; undefined when it has not come that far. */
  checks: number | undefined;
  durationMs: number;
  /** Undefined for one that could not be started. */
  runId: string | undefined;
}

export interface RunWatcher {
  onEvent: (event: RunEvent) => void;
  /** Stops the run when it is aborted. */
  signal: AbortSignal;
}

/** The place where tests are run: this process, or a server. */
export interface TestRuns {
  readonly tests: readonly SelectedTest[];
  /** Tests that can be under way at the same time. */
  readonly size: number;
  /** Runs a test to its end; a test that cannot be started has an outcome too. */
  perform(test: SelectedTest, watcher: RunWatcher): Promise<TestOutcome>;
  /** The run as reports have it. */
  report(test: SelectedTest, runId: string): Promise<ReportRun>;
  /** A file of a run, by its place in the report; undefined for one that is gone. */
  readArtifact(href: string): Promise<ReadArtifact | undefined>;
  /** Copies a file of a run into a folder. @returns a name that no other has; undefined for one that is gone */
  copyArtifact(href: string, folder: string): Promise<string | undefined>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}
