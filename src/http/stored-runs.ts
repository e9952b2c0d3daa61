import type { RunReader, StoredRun } from "../cases/ports.js";
import { AppError } from "../protocol/errors.js";

/** @throws AppError `run_not_found` */
export async function runWithId(runs: RunReader, id: string): Promise<StoredRun> {
  const run = await runs.findRun(id);
  if (run !== undefined) return run;
  throw new AppError("run_not_found", `There is no run with id ${id}.`);
}
