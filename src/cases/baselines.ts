import { AppError } from "../protocol/errors.js";
import type { ArtifactReader, BaselineStore, OpenFile, RunReader, StoredBaseline } from "./ports.js";

export interface BaselinesOptions {
  store: BaselineStore;
  artifacts: ArtifactReader;
  runs: Pick<RunReader, "findRun">;
}

/** The pictures that a test case's pages are compared with: a person accepts what a run has seen. */
export class Baselines {
  readonly #options: BaselinesOptions;

  constructor(options: BaselinesOptions) {
    this.#options = options;
  }

  list(testCaseId: number): Promise<StoredBaseline[]> {
    return this.#options.store.listBaselines(testCaseId);
  }

  /**
   * Makes a picture that a run has taken the baseline of its name and variant.
   *
   * @param by the principal who accepts it
   * @throws AppError `artifact_not_found`, or `conflict` when the artifact is no such picture of a run of the case
   */
  async accept(testCaseId: number, artifactId: string, by: string | null): Promise<StoredBaseline> {
    const { store, artifacts, runs } = this.#options;
    const artifact = await artifacts.findArtifact(artifactId);
    const run = artifact && (await runs.findRun(artifact.runId));
    if (artifact === undefined || run === undefined) throw noArtifact(artifactId);
    if (run.testCaseId !== testCaseId) {
      throw new AppError(
        "conflict",
        `The artifact ${artifactId} is of test case ${run.testCaseId}; a baseline is accepted from runs of its own case.`,
      );
    }
    const { kind, name, variant } = artifact;
    if (kind !== "screenshot_actual" || name === null || variant === null) {
      throw new AppError(
        "conflict",
        `The artifact ${artifactId} is of the kind ${kind}; only a screenshot_actual, which verify_screenshot keeps, can be accepted.`,
      );
    }
    const saved = await store.saveBaseline({ testCaseId, name, variant, artifactId, acceptedBy: by });
    if (saved === undefined) throw noArtifact(artifactId);
    return saved;
  }

  /** @throws AppError `baseline_not_found` */
  async open(testCaseId: number, id: string): Promise<OpenFile> {
    const found = await this.#options.store.openBaseline(testCaseId, id);
    if (found === undefined) throw noBaseline(testCaseId, id);
    return found;
  }

  /** @throws AppError `baseline_not_found` */
  async delete(testCaseId: number, id: string): Promise<void> {
    if (!(await this.#options.store.deleteBaseline(testCaseId, id))) throw noBaseline(testCaseId, id);
  }
}

function noArtifact(id: string): AppError {
  return new AppError("artifact_not_found", `There is no artifact with id ${id}, or its file is gone.`);
}

function noBaseline(testCaseId: number, id: string): AppError {
  return new AppError(
    "baseline_not_found",
    `Test case ${testCaseId} has no baseline with id ${id}, or its file is gone.`,
  );
}
