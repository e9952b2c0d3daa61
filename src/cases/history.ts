import type { RunFilter, RunReader, StoredRun } from "./ports.js";

/** Runs that a history looks at. */
const RUNS = 50;

/** Newest runs whose times are compared with those of the runs before them. */
const RECENT = 10;

/** Fewer times than these have no median that says anything. */
const LEAST_TIMES = 5;

/** Changes between passed and failed from which on a case counts as flaky: one is a fault, two are one and its mending. */
const FLAKY_CHANGES = 3;

/** The limits beyond which the server deletes runs; null for none. Flaky runs and the last that passed stay. */
export interface KeptRuns {
  /** Days after their end. */
  days: number | null;
  /** Newest runs of each test case. */
  perCase: number | null;
}

export const ALL_KEPT: KeptRuns = { days: null, perCase: null };

/** The last runs of a case, or of one of its steps by itself. */
export interface RunHistory {
  /** Newest first. */
  runs: readonly StoredRun[];
  /** Passed of those that have ended; null where none has. */
  passRate: number | null;
  /** A run passed only at a further attempt, or passed and failed changed places again and again. */
  flaky: boolean;
  /** Number of times that passed and failed changed places from run to run. */
  changes: number;
  /** Times of the runs that passed, in milliseconds. */
  duration: {
    median: number | null;
    /** Of the newest ten. */
    recentMedian: number | null;
    /** The median of the newest ten over that of those before; null where there are too few of either. */
    trend: number | null;
  };
  /** The last run that passed, however long ago. */
  lastPassed: StoredRun | undefined;
}

/** The runs that a history is of. */
export interface HistorySubject {
  testCaseId: number;
  /** @defaultValue runs of the whole case */
  testStepId?: number | undefined;
}

/** Reads the last runs of a case, or of one of its steps by itself, and says what can be seen in them. */
export async function historyOf(
  runs: RunReader,
  { testCaseId, testStepId }: HistorySubject,
): Promise<RunHistory> {
  const kind = testStepId === undefined ? "case" : "step";
  const filter: RunFilter = { testCaseId, kind, testStepId };
  const last = await runs.listRuns(filter, { limit: RUNS, before: undefined });
  const passed = last.filter(({ status }) => status === "passed");
  const [lastPassed] =
    passed.length > 0
      ? passed
      : await runs.listRuns({ ...filter, status: "passed" }, { limit: 1, before: undefined });
  const ended = last.filter(({ finishedAt }) => finishedAt !== null);
  const changes = changesIn(last);
  return {
    runs: last,
    passRate: ended.length === 0 ? null : passed.length / ended.length,
    flaky: changes >= FLAKY_CHANGES || last.some(({ flaky }) => flaky),
    changes,
    duration: durationOf(passed),
    lastPassed,
  };
}

/** A run that could not be judged says nothing about the application, and so counts for neither side. */
function changesIn(runs: readonly StoredRun[]): number {
  const verdicts = runs
    .map(({ status }) => status)
    .filter((status) => status === "passed" || status === "failed");
  return verdicts.filter((verdict, index) => index > 0 && verdict !== verdicts[index - 1]).length;
}

function durationOf(passed: readonly StoredRun[]): RunHistory["duration"] {
  const times = passed.map(runTime).filter((time) => time !== null);
  const [recent, before] = [times.slice(0, RECENT), times.slice(RECENT)];
  const [recentMedian, beforeMedian] = [median(recent), median(before)];
  const isKnown = Math.min(recent.length, before.length) >= LEAST_TIMES;
  const trend = isKnown && recentMedian !== null && beforeMedian ? recentMedian / beforeMedian : null;
  return { median: median(times), recentMedian, trend };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** From a run's first command to its end, in milliseconds; null while it is under way, or where it never began. */
export function runTime({
  startedAt,
  finishedAt,
}: Pick<StoredRun, "startedAt" | "finishedAt">): number | null {
  return startedAt === null || finishedAt === null ? null : finishedAt.getTime() - startedAt.getTime();
}
