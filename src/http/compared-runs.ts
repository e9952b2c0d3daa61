import type { CaseService } from "../cases/service.js";
import type { RunReader, StoredRun } from "../cases/ports.js";
import { eventBatches } from "../cases/run-events.js";
import { AppError } from "../protocol/errors.js";
import { compareRuns, type Comparison } from "../reports/comparison.js";
import { reportOf } from "../reports/run-report.js";
import { runWithId } from "./stored-runs.js";

/** Two runs of a test case, and the differences between them. */
export interface ComparedRuns extends Comparison {
  run: StoredRun;
  other: StoredRun;
  caseName: string;
}

/** A run, and the one that it is compared with: the last before it that passed, unless one is named. */
export interface ComparisonRequest {
  id: string;
  with: string | undefined;
}

/**
 * Compares two runs of the same test case.
 *
 * @throws AppError `run_not_found` when one of them does not exist or none has passed before, `conflict` when they are
 *   of different cases, or generations, which try commands out.
 */
export async function comparedRuns(
  { id, with: otherId }: ComparisonRequest,
  { cases, runs }: { cases: CaseService; runs: RunReader },
): Promise<ComparedRuns> {
  const run = await runWithId(runs, id);
  const other = otherId === undefined ? await lastPassedBefore(run, runs) : await runWithId(runs, otherId);
  if (run.testCaseId === null || run.testCaseId !== other.testCaseId || [run, other].some(isGeneration)) {
    throw new AppError(
      "conflict",
      "Two runs can be compared when both are runs of the same test case or of its steps.",
    );
  }
  const testCase = await cases.read(run.testCaseId);
  const read = (each: StoredRun) => reportOf(each, testCase, eventBatches(runs, each.id, 0));
  const [mine, theirs] = await Promise.all([read(run), read(other)]);
  return { run, other, caseName: testCase.name, ...compareRuns(mine, theirs) };
}

async function lastPassedBefore(run: StoredRun, runs: RunReader): Promise<StoredRun> {
  const { testCaseId, kind, testStepId, createdAt } = run;
  const alike = { kind, testCaseId: testCaseId ?? undefined, testStepId: testStepId ?? undefined };
  const [found] = await runs.listRuns(
    { ...alike, status: "passed", until: createdAt },
    { limit: 1, before: undefined },
  );
  if (found !== undefined) return found;
  throw new AppError(
    "run_not_found",
    "No run of the same steps has passed before this one, or it was deleted since; name the run to compare it with (`with`).",
  );
}

function isGeneration({ kind }: StoredRun): boolean {
  return kind === "generation";
}
