import type { RunFilter, RunReader, StoredRun } from "../cases/ports.js";
import { noSuchRun } from "../protocol/errors.js";
import type { CaseRunsQuery } from "./schemas.js";

/** @throws AppError `run_not_found` */
export async function runWithId(runs: RunReader, id: string): Promise<StoredRun> {
  const run = await runs.findRun(id);
  if (run !== undefined) return run;
  throw noSuchRun(id);
}

/** The runs that a query asks for, by the names of the store. */
export function runFilterOf({
  test_step_id: testStepId,
  since,
  until,
  ...same
}: Omit<CaseRunsQuery, "limit" | "cursor">): RunFilter {
  return {
    ...same,
    testStepId,
    since: since && new Date(since),
    until: until && new Date(until),
  } as RunFilter;
}
