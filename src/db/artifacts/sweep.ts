import type { Retention, Swept } from "../../execution/ports.js";
import type { StoreEngine } from "../engine.js";
import { ARTIFACT_FILE, BATCH, partsOf, RUN_FOLDER } from "./names.js";
import type { ArtifactFiles, ArtifactTrash, RunFiles } from "./ports.js";

/** A row as the sweep reads it. */
interface Row {
  id: string;
  path: string;
  missingSince: Date | null;
}
const ROW = { id: true, path: true, missingSince: true } as const;

/**
 * Deletes artifacts as {@link Retention} says: a row goes before its file, so that no row is without one. Then it
 * compares the rows with the files. Nothing is deleted there: a file without a row goes to the trash, and a row
 * without its file is marked, until the file is there again.
 *
 * @throws Error when the place of artifacts is no longer this database's; nothing is touched then.
 */
export async function sweepArtifacts(
  engine: StoreEngine,
  files: ArtifactFiles,
  { before, maxBytes, signal }: Retention,
): Promise<Swept> {
  await files.require();
  const sweep = new Sweep(engine.client, files, signal);
  if (before !== undefined) await sweep.deleteOldest({ before });
  if (maxBytes !== undefined)
    await sweep.deleteOldest({ excess: (await engine.sumArtifactBytes()) - maxBytes });
  await sweep.reconcile();
  await sweep.emptyTrash();
  return sweep.swept;
}

class Sweep {
  readonly swept: Swept = { deleted: 0, trashed: 0, missing: 0, found: 0, emptied: 0 };
  readonly #client: StoreEngine["client"];
  readonly #files: ArtifactFiles;
  readonly #signal: AbortSignal;
  readonly #begunAt = new Date();
  readonly #trash: ArtifactTrash;
  /** Runs that had ended when the sweep began: nothing is added to them while it looks. */
  readonly #ended = {
    status: { in: ["passed" as const, "failed" as const, "error" as const] },
    finishedAt: { lt: this.#begunAt },
  };

  constructor(client: StoreEngine["client"], files: ArtifactFiles, signal: AbortSignal) {
    this.#client = client;
    this.#files = files;
    this.#signal = signal;
    this.#trash = files.openTrash(this.#begunAt);
  }

  /**
   * Deletes artifacts of ended runs, oldest first: those from before a time, or until an excess is gone. A missing
   * file takes no place.
   */
  async deleteOldest({ before, excess = Infinity }: { before?: Date; excess?: number }): Promise<void> {
    let left = excess;
    while (left > 0 && !this.#signal.aborted) {
      const chosenBy = before ? { createdAt: { lt: before } } : { missingSince: null };
      const rows = await this.#client.artifact.findMany({
        where: { run: this.#ended, ...chosenBy },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        take: BATCH,
        select: { id: true, path: true, bytes: true },
      });
      const chosen: typeof rows = [];
      for (const row of rows) {
        if (left <= 0) break;
        left -= row.bytes;
        chosen.push(row);
      }
      if (chosen.length === 0) return;
      await this.#files.require();
      await this.#client.artifact.deleteMany({ where: { id: { in: chosen.map(({ id }) => id) } } });
      await this.#files.remove(chosen.map(({ path }) => path));
      this.swept.deleted += chosen.length;
    }
  }

  /** Puts files without a row into the trash, marks rows without a file, and deletes folders with nothing in them. */
  async reconcile(): Promise<void> {
    const trashed = await this.#trash.contents();
    const seen = new Set<string>();
    for await (const runs of this.#files.listRuns()) {
      if (this.#signal.aborted) return;
      for (const { runId } of runs) seen.add(runId);
      await this.#reconcileRuns(runs, trashed);
    }
    await this.#reconcileRowsOfOtherRuns(seen, trashed);
  }

  async emptyTrash(): Promise<void> {
    if (this.#signal.aborted) return;
    await this.#files.require();
    this.swept.emptied += await this.#trash.empty();
  }

  async #reconcileRuns(runs: readonly RunFiles[], trashed: ReadonlyMap<string, string[]>): Promise<void> {
    const kept = await this.#client.run.findMany({
      where: { id: { in: runs.map(({ runId }) => runId) }, NOT: this.#ended },
      select: { id: true },
    });
    const busy = new Set(kept.map(({ id }) => id));
    const files = new Map(
      runs.filter(({ runId }) => !busy.has(runId)).map(({ runId, names }) => [runId, names]),
    );
    const ended = [...files.keys()];
    if (ended.length === 0) return;
    const rows = await this.#client.artifact.findMany({ where: { runId: { in: ended } }, select: ROW });
    await this.#files.require();
    await this.#markRows(rows, files, trashed);
    const paths = new Set(rows.map(({ path }) => path));
    for (const [runId, names] of files) {
      const orphans = names.filter((name) => ARTIFACT_FILE.test(name) && !paths.has(`${runId}/${name}`));
      for (const name of orphans) await this.#trash.take(`${runId}/${name}`);
      this.swept.trashed += orphans.length;
    }
    await this.#files.removeEmptyFolders(ended);
  }

  /** Artifacts of ended runs whose whole folder is gone. */
  async #reconcileRowsOfOtherRuns(
    seen: ReadonlySet<string>,
    trashed: ReadonlyMap<string, string[]>,
  ): Promise<void> {
    const groups = await this.#client.artifact.groupBy({
      by: "runId",
      where: { run: this.#ended, OR: [{ missingSince: null }, { runId: { in: [...trashed.keys()] } }] },
    });
    const gone = groups.map(({ runId }) => runId).filter((id) => RUN_FOLDER.test(id) && !seen.has(id));
    for (let from = 0; from < gone.length; from += BATCH) {
      if (this.#signal.aborted) return;
      const runIds = gone.slice(from, from + BATCH);
      const rows = await this.#client.artifact.findMany({ where: { runId: { in: runIds } }, select: ROW });
      await this.#files.require();
      await this.#markRows(rows, new Map(), trashed);
    }
  }

  /** Marks the rows whose files are gone, and takes the mark from those whose files are there again. */
  async #markRows(
    rows: readonly Row[],
    files: ReadonlyMap<string, readonly string[]>,
    trashed: ReadonlyMap<string, string[]>,
  ): Promise<void> {
    const lost: string[] = [];
    const found: string[] = [];
    for (const { id, path, missingSince } of rows) {
      const { runId, name } = partsOf(path);
      const isThere =
        files.get(runId)?.includes(name) === true ||
        (await this.#trash.putBack(path, trashed.get(runId) ?? []));
      if (isThere && missingSince !== null) found.push(id);
      if (!isThere && missingSince === null) lost.push(id);
    }
    this.swept.missing += await this.#setMissing(lost, this.#begunAt);
    this.swept.found += await this.#setMissing(found, null);
  }

  async #setMissing(ids: string[], missingSince: Date | null): Promise<number> {
    if (ids.length === 0) return 0;
    const { count } = await this.#client.artifact.updateMany({
      where: { id: { in: ids } },
      data: { missingSince },
    });
    return count;
  }
}
