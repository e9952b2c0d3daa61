import type { Identity } from "../auth/ports.js";
import { AppError } from "../protocol/errors.js";
import type { ActiveRun } from "./active-run.js";
import type { LeaseLostError, RunControl } from "./ports.js";

/** Somebody who wants to control a run: their own, or with the scope `admin` any. */
export type Controller = Pick<Identity, "principal" | "scopes">;

/** The controller of the runs that have no principal. */
const NOBODY: Controller = { principal: "", scopes: new Set() };

/** The runs that wait or are under way in this process, and who may control them. */
export class ActiveRuns {
  readonly #runs = new Map<string, ActiveRun>();

  add(run: ActiveRun): void {
    this.#runs.set(run.id, run);
  }

  has(runId: string): boolean {
    return this.#runs.has(runId);
  }

  get isEmpty(): boolean {
    return this.#runs.size === 0;
  }

  remove({ id }: ActiveRun): void {
    this.#runs.delete(id);
  }

  /** Resolves when none of the runs that there are now is under way any more. */
  async ended(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
  }

  /** Ends every run early. Resolves when nothing of them is under way any more. */
  async cancelAll(reason: Error): Promise<void> {
    const ended = this.ended();
    for (const run of this.#runs.values()) run.cancel(reason);
    await ended;
  }

  /** Ends early those runs that do not wait any more. */
  cancelUnderWay(reason: Error): void {
    for (const run of this.#runs.values()) if (run.isUnderWay) run.cancel(reason);
  }

  /** Ends a run early, without a verdict from here, because another server has taken it over. */
  lose(error: LeaseLostError): void {
    this.#runs.get(error.runId)?.lose(error);
  }

  cancel(runId: string, by?: Controller): void {
    this.#findFor("cancel", runId, by).cancel(new Error("Cancelled"));
  }

  pause(runId: string, by?: Controller): void {
    this.#findFor("pause", runId, by).gate.hold("Paused by a client.");
  }

  resume(runId: string, by?: Controller): void {
    if (!this.#findFor("resume", runId, by).gate.resume()) throw notPaused(runId);
  }

  step(runId: string, by?: Controller): void {
    if (!this.#findFor("step", runId, by).gate.step()) throw notPaused(runId);
  }

  #findFor(control: RunControl, runId: string, by: Controller = NOBODY): ActiveRun {
    const run = this.#runs.get(runId);
    if (run === undefined || run.isOver) throw notUnderWay(runId);
    requireController({ id: runId, principal: run.principal }, control, by);
    return run;
  }
}

/** The error of a control of a run that is not there, or has its verdict. */
export function notUnderWay(runId: string): AppError {
  return new AppError("run_not_found", `There is no run ${runId} under way.`);
}

/** The error of a control that only a paused run takes. */
export function notPaused(runId: string): AppError {
  return new AppError("run_not_paused", `The run ${runId} is not paused.`);
}

/** @throws AppError `forbidden` when the run is somebody else's */
export function requireController(
  run: { id: string; principal: string },
  control: RunControl,
  { principal, scopes }: Controller,
): void {
  if (run.principal === principal || scopes.has("admin")) return;
  throw new AppError(
    "forbidden",
    `The run ${run.id} is somebody else's: '${control}' needs a token with the scope 'admin'.`,
  );
}
