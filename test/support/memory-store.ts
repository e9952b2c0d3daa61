import {
  LeaseLostError,
  type ArtifactFile,
  type ArtifactStore,
  type EventBatch,
  type ExecutionStore,
  type KeyedRun,
  type NewArtifact,
  type NewRun,
  type RequestKey,
  type RunEnvironment,
  type RunResult,
  type StepRecord,
  type StepResult,
  type Swept,
  type UnfinishedRun,
} from "../../src/execution/ports.js";
import type { RunEvent } from "../../src/protocol/messages.js";

/** The execution store's port without a database. */
export class MemoryStore implements ExecutionStore {
  isSole = true;
  /** Runs that another server has taken over. */
  readonly lost = new Set<string>();
  /** Runs that other servers have left behind, to be found once. */
  readonly abandoned: UnfinishedRun[] = [];
  /** Times of renewals. */
  readonly renewals: Date[] = [];
  readonly events: RunEvent[] = [];
  readonly batches: EventBatch[] = [];
  readonly runs = new Map<string, NewRun & { status: string; result?: RunResult }>();
  readonly results: StepResult[] = [];
  readonly running: number[] = [];
  readonly environments: RunEnvironment[] = [];
  readonly #steps: StepRecord[];
  /** Awaited before a batch is stored; a test sets it to hold a batch back or to let it fail. */
  beforeAppend: (batch: EventBatch) => Promise<void> = () => Promise.resolve();

  constructor(steps: StepRecord[] = []) {
    this.#steps = steps;
  }

  findStep(stepId: number): Promise<StepRecord | undefined> {
    return Promise.resolve(this.#steps.find(({ id }) => id === stepId));
  }

  findSteps(testCaseId: number): Promise<StepRecord[] | undefined> {
    const steps = this.#steps.filter((step) => step.testCaseId === testCaseId);
    return Promise.resolve(steps.length > 0 ? steps.sort((a, b) => a.stepNumber - b.stepNumber) : undefined);
  }

  findEnvironment(name: string): Promise<RunEnvironment | undefined> {
    return Promise.resolve(this.environments.find((environment) => environment.name === name));
  }

  findRunByKey({ principal, key }: RequestKey): Promise<KeyedRun | undefined> {
    const all = [...this.runs.values()];
    const run = all.find(({ once }) => once?.principal === principal && once.key === key);
    return Promise.resolve(run && { id: run.id, asked: run.once?.asked ?? "" });
  }

  async createRun(run: NewRun): Promise<boolean> {
    if (run.once !== undefined && (await this.findRunByKey(run.once)) !== undefined) return false;
    this.runs.set(run.id, { ...run, status: "queued" });
    return true;
  }

  startRun(runId: string): Promise<void> {
    const run = this.runs.get(runId);
    if (run) run.status = "running";
    return Promise.resolve();
  }

  startStep(stepId: number): Promise<void> {
    this.running.push(stepId);
    return Promise.resolve();
  }

  async append(batch: EventBatch): Promise<void> {
    await this.beforeAppend(batch);
    const runIds = [...batch.events.map(({ run_id }) => run_id), ...batch.runs.map(({ runId }) => runId)];
    const lost = runIds.find((runId) => this.lost.has(runId));
    if (lost !== undefined) throw new LeaseLostError(lost);
    this.batches.push(batch);
    this.events.push(...batch.events);
    this.results.push(...batch.steps);
    for (const result of batch.runs) {
      const run = this.runs.get(result.runId);
      if (run) Object.assign(run, { status: result.verdict, result });
    }
  }

  renewLeases(now: Date): Promise<string[]> {
    this.renewals.push(now);
    return Promise.resolve([...this.lost]);
  }

  takeAbandonedRuns(when: "start" | "later"): Promise<UnfinishedRun[]> {
    return Promise.resolve(when === "start" ? this.#unfinished() : this.abandoned.splice(0));
  }

  takeBackRuns(runIds: readonly string[]): Promise<UnfinishedRun[]> {
    const own = this.#unfinished().filter(({ id }) => runIds.includes(id) && !this.lost.has(id));
    return Promise.resolve(own);
  }

  #unfinished(): UnfinishedRun[] {
    const open = [...this.runs.values()].filter(({ status }) => status === "queued" || status === "running");
    return open.map((run) => ({ ...run, events: this.events.filter((event) => event.run_id === run.id) }));
  }
}

export class MemoryArtifacts implements ArtifactStore {
  readonly saved: NewArtifact[] = [];
  /** Files that were begun and are neither kept nor discarded. */
  openFiles = 0;
  /** Awaited before an artifact is saved; a test sets it to hold one back. */
  beforeSave: (artifact: NewArtifact) => Promise<void> = () => Promise.resolve();

  async save(artifact: NewArtifact): Promise<string> {
    await this.beforeSave(artifact);
    this.saved.push(artifact);
    return `/api/artifacts/${this.saved.length}`;
  }

  create({ runId, mediaType }: Pick<NewArtifact, "runId" | "mediaType">): Promise<ArtifactFile> {
    this.openFiles++;
    let bytes = Buffer.alloc(0);
    return Promise.resolve({
      write: (written, position) => {
        bytes = Buffer.concat([
          bytes.subarray(0, position),
          written,
          bytes.subarray(position + written.length),
        ]);
        return Promise.resolve();
      },
      keep: async (description) => {
        const url = await this.save({ runId, mediaType, ...description, bytes });
        this.openFiles--;
        return url;
      },
      discard: () => {
        this.openFiles--;
        return Promise.resolve();
      },
    });
  }

  sweep(): Promise<Swept> {
    return Promise.resolve({ deleted: 0, trashed: 0, missing: 0, found: 0, emptied: 0 });
  }

  /** The texts that were kept under a kind. */
  texts(kind: NewArtifact["kind"]): string[] {
    return this.saved.flatMap((artifact) =>
      artifact.kind === kind && "bytes" in artifact ? [Buffer.from(artifact.bytes).toString()] : [],
    );
  }
}
