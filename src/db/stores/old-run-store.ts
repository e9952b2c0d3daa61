import { setTimeout as delay } from "node:timers/promises";
import { isAborted } from "../../async/abortable.js";
import type { DeletedRuns, OldRunStore, RunRetention } from "../../execution/ports.js";
import type { ArtifactFiles } from "../artifacts/ports.js";
import type { StoreEngine } from "../engine.js";
import type { Prisma } from "../generated/client.js";
import { rememberedSince } from "./idempotency.js";

/** Runs, or test cases, that are looked at together. */
const PAGE = 100;

/** Most events that one statement deletes; it holds the write lock for some 10 ms. */
const MOST_EVENTS = 1_000;

/** Pause after each statement that deletes, in milliseconds: others write in it. */
const PAUSE_MS = 20;

const CANDIDATE = {
  id: true,
  kind: true,
  testCaseId: true,
  testStepId: true,
  status: true,
  createdAt: true,
} as const;
type Candidate = Prisma.RunGetPayload<{ select: typeof CANDIDATE }>;

/** The place of a run in the order in which runs were started. */
type Place = Pick<Candidate, "createdAt" | "id">;

const OLDEST_FIRST: Prisma.RunOrderByWithRelationInput[] = [{ createdAt: "asc" }, { id: "asc" }];
const NEWEST_FIRST: Prisma.RunOrderByWithRelationInput[] = [{ createdAt: "desc" }, { id: "desc" }];

/** Deletes runs, each with all that belongs to it. */
export class PrismaOldRunStore implements OldRunStore {
  readonly #engine: StoreEngine;
  readonly #files: ArtifactFiles;

  constructor(engine: StoreEngine, files: ArtifactFiles) {
    this.#engine = engine;
    this.#files = files;
  }

  async deleteOldRuns(retention: RunRetention): Promise<DeletedRuns> {
    await this.#files.require();
    const deletion = new Deletion(this.#engine.client, this.#files, retention.signal);
    if (retention.before !== undefined) await deletion.deleteEndedBefore(retention.before);
    if (retention.perCase !== undefined) await deletion.deleteBeyond(retention.perCase);
    return deletion.deleted;
  }
}

class Deletion {
  readonly deleted: DeletedRuns = { runs: 0, events: 0, artifacts: 0 };
  readonly #client: StoreEngine["client"];
  readonly #files: ArtifactFiles;
  readonly #signal: AbortSignal;
  /** Ids of the last runs that passed, by the steps that they were runs of. */
  readonly #lastPassed = new Map<string, Promise<string | undefined>>();

  constructor(client: StoreEngine["client"], files: ArtifactFiles, signal: AbortSignal) {
    this.#client = client;
    this.#files = files;
    this.#signal = signal;
  }

  async deleteEndedBefore(before: Date): Promise<void> {
    // A run ends after it was started: the first condition finds by the index, the second decides.
    await this.#deleteAll({ createdAt: { lt: before }, finishedAt: { lt: before } });
  }

  /** Deletes runs of test cases that have more than so many. */
  async deleteBeyond(perCase: number): Promise<void> {
    let after = 0;
    while (!isAborted(this.#signal)) {
      const cases = await this.#client.testCase.findMany({
        where: { id: { gt: after } },
        orderBy: { id: "asc" },
        take: PAGE,
        select: { id: true },
      });
      for (const { id: testCaseId } of cases) {
        const [newest] = await this.#client.run.findMany({
          where: { testCaseId },
          orderBy: NEWEST_FIRST,
          skip: perCase,
          take: 1,
          select: { id: true, createdAt: true },
        });
        if (newest) await this.#deleteAll({ testCaseId, OR: [notAfter(newest)] });
        if (isAborted(this.#signal)) return;
      }
      after = cases.at(-1)?.id ?? after;
      if (cases.length < PAGE) return;
    }
  }

  /** Deletes the runs that a condition names, oldest first, but those that have to stay. */
  async #deleteAll(where: Prisma.RunWhereInput): Promise<void> {
    let last: Place | undefined;
    while (!isAborted(this.#signal)) {
      const candidates = await this.#client.run.findMany({
        where: { AND: [where, mayGo(), last ? after(last) : {}] },
        orderBy: OLDEST_FIRST,
        take: PAGE,
        select: CANDIDATE,
      });
      const old: string[] = [];
      for (const run of candidates) if (!(await this.#isLastPassed(run))) old.push(run.id);
      await this.#deleteRuns(old);
      last = candidates.at(-1);
      if (candidates.length < PAGE) return;
    }
  }

  async #isLastPassed({ id, kind, testCaseId, testStepId, status }: Candidate): Promise<boolean> {
    if (status !== "passed" || kind === "generation" || testCaseId === null) return false;
    const key = `${kind} ${testCaseId} ${testStepId ?? ""}`;
    const known = this.#lastPassed.get(key) ?? this.#findLastPassed({ kind, testCaseId, testStepId });
    this.#lastPassed.set(key, known);
    return (await known) === id;
  }

  async #findLastPassed(alike: Pick<Candidate, "kind" | "testCaseId" | "testStepId">) {
    const found = await this.#client.run.findFirst({
      where: { ...alike, status: "passed" },
      orderBy: NEWEST_FIRST,
      select: { id: true },
    });
    return found?.id;
  }

  /** Deletes runs in groups that are small enough for one statement each. */
  async #deleteRuns(ids: readonly string[]): Promise<void> {
    let group: string[] = [];
    let events = 0;
    for (const id of ids) {
      if (isAborted(this.#signal)) return;
      const left = await this.#shorten(id);
      if (events + left > MOST_EVENTS) {
        await this.#deleteGroup(group, events);
        [group, events] = [[], 0];
      }
      group.push(id);
      events += left;
    }
    await this.#deleteGroup(group, events);
  }

  /**
   * Deletes the last events of a run that has too many for one statement: the first ones stay without a gap, whoever
   * reads them meanwhile.
   *
   * @returns the number of those that are left
   */
  async #shorten(runId: string): Promise<number> {
    const { _max: last } = await this.#client.runEvent.aggregate({ where: { runId }, _max: { seq: true } });
    let left = last.seq ?? 0;
    while (left > MOST_EVENTS && !isAborted(this.#signal)) {
      left -= MOST_EVENTS;
      const { count } = await this.#client.runEvent.deleteMany({ where: { runId, seq: { gt: left } } });
      this.deleted.events += count;
      await delay(PAUSE_MS);
    }
    return left;
  }

  /** The rows go before the files, so that no row is without its file, and all rows of a run at once. */
  async #deleteGroup(ids: string[], events: number): Promise<void> {
    if (ids.length === 0 || isAborted(this.#signal)) return;
    await this.#files.require();
    const where = { runId: { in: ids } };
    const artifacts = await this.#client.artifact.findMany({ where, select: { path: true } });
    const { count } = await this.#client.run.deleteMany({ where: { id: { in: ids }, ...mayGo() } });
    this.deleted.runs += count;
    this.deleted.events += events;
    this.deleted.artifacts += artifacts.length;
    await this.#files.remove(artifacts.map(({ path }) => path));
    await this.#files.removeEmptyFolders(ids);
    await delay(PAUSE_MS);
  }
}

/** The runs that nobody needs any more; the last that passed are not told apart here. */
function mayGo(): Prisma.RunWhereInput {
  return {
    status: { in: ["passed", "failed", "error"] },
    flaky: false,
    deliveries: { none: { status: "pending" } },
    NOT: { idempotencyKey: { not: null }, createdAt: { gte: rememberedSince() } },
  };
}

function after({ createdAt, id }: Place): Prisma.RunWhereInput {
  return { OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: id } }] };
}

function notAfter({ createdAt, id }: Place): Prisma.RunWhereInput {
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lte: id } }] };
}
