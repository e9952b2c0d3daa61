import { opendir, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Retention } from "../execution/ports.js";
import type { PrismaClient } from "./generated/client.js";

/** Rows or folders that are looked at together. */
const BATCH = 200;

/** What the server itself makes in the folder; it may hold other things, which are nobody's to delete here. */
const RUN_FOLDER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ARTIFACT_FILE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{1,5}$/;

/** Nothing that leads out of the folder, whoever wrote the row. */
const OWN_PATH = /^[\w-]+\/[\w-]+\.\w+$/;

/** Deletes artifacts as {@link Retention} says. A row goes before its file, so that no row is without one. */
export async function sweepArtifacts(
  client: PrismaClient,
  folder: string,
  { before, maxBytes, signal }: Retention,
): Promise<number> {
  const sweep = new Sweep(client, folder, signal);
  if (before !== undefined) await sweep.deleteOldest({ before });
  if (maxBytes !== undefined) await sweep.deleteOldest({ excess: (await sweep.totalBytes()) - maxBytes });
  await sweep.reconcile();
  return sweep.deleted;
}

class Sweep {
  deleted = 0;
  readonly #client: PrismaClient;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  /** Runs that had ended when the sweep began: nothing is added to them while it looks. */
  readonly #ended = {
    status: { in: ["passed" as const, "failed" as const, "error" as const] },
    finishedAt: { lt: new Date() },
  };

  constructor(client: PrismaClient, folder: string, signal: AbortSignal) {
    this.#client = client;
    this.#folder = folder;
    this.#signal = signal;
  }

  async totalBytes(): Promise<number> {
    // Not Prisma's aggregate: it reads the sum of a 32-bit column as a 32-bit number.
    const [row] = await this.#client.$queryRaw<
      { total: bigint | number | null }[]
    >`SELECT SUM(bytes) AS total FROM artifacts`;
    return Number(row?.total ?? 0);
  }

  /** Deletes artifacts of ended runs, oldest first: those from before a time, or until an excess is gone. */
  async deleteOldest({ before, excess = Infinity }: { before?: Date; excess?: number }): Promise<void> {
    let left = excess;
    while (left > 0 && !this.#signal.aborted) {
      const rows = await this.#client.artifact.findMany({
        where: { run: this.#ended, ...(before && { createdAt: { lt: before } }) },
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
      await this.#client.artifact.deleteMany({ where: { id: { in: chosen.map(({ id }) => id) } } });
      const own = chosen.filter(({ path }) => OWN_PATH.test(path));
      await this.#deleteFiles(own.map(({ path }) => join(this.#folder, ...path.split("/"))));
    }
  }

  /** Deletes files without a row, rows without a file, and folders in which nothing is left. */
  async reconcile(): Promise<void> {
    const seen: string[] = [];
    let batch: string[] = [];
    for await (const entry of await opendir(this.#folder)) {
      if (!entry.isDirectory() || !RUN_FOLDER.test(entry.name)) continue;
      seen.push(entry.name);
      batch.push(entry.name);
      if (batch.length < BATCH) continue;
      await this.#reconcileRuns(batch);
      batch = [];
    }
    await this.#reconcileRuns(batch);
    await this.#deleteRowsOfOtherRuns(new Set(seen));
  }

  async #reconcileRuns(runIds: string[]): Promise<void> {
    if (this.#signal.aborted || runIds.length === 0) return;
    const kept = await this.#client.run.findMany({
      where: { id: { in: runIds }, NOT: this.#ended },
      select: { id: true },
    });
    const busy = new Set(kept.map(({ id }) => id));
    const ended = runIds.filter((id) => !busy.has(id));
    const files = new Map(
      await Promise.all(ended.map(async (id) => [id, await list(join(this.#folder, id))] as const)),
    );
    const rows = await this.#client.artifact.findMany({
      where: { runId: { in: ended } },
      select: { id: true, path: true },
    });
    const paths = new Set(rows.map(({ path }) => path));
    for (const [runId, names] of files) {
      const orphans = names.filter((name) => ARTIFACT_FILE.test(name) && !paths.has(`${runId}/${name}`));
      await this.#deleteFiles(orphans.map((name) => join(this.#folder, runId, name)));
      // Fails, as it should, when something is left in it.
      await rmdir(join(this.#folder, runId)).catch(() => undefined);
    }
    const lost = rows.filter(({ path }) => {
      const [runId = "", name = ""] = path.split("/");
      return !files.get(runId)?.includes(name);
    });
    await this.#deleteRows(lost.map(({ id }) => id));
  }

  /** Artifacts of ended runs whose whole folder is gone. */
  async #deleteRowsOfOtherRuns(seen: ReadonlySet<string>): Promise<void> {
    if (this.#signal.aborted) return;
    const groups = await this.#client.artifact.groupBy({ by: "runId", where: { run: this.#ended } });
    const gone = groups.map(({ runId }) => runId).filter((id) => RUN_FOLDER.test(id) && !seen.has(id));
    for (let from = 0; from < gone.length; from += BATCH) {
      const { count } = await this.#client.artifact.deleteMany({
        where: { runId: { in: gone.slice(from, from + BATCH) } },
      });
      this.deleted += count;
    }
  }

  async #deleteRows(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const { count } = await this.#client.artifact.deleteMany({ where: { id: { in: ids } } });
    this.deleted += count;
  }

  async #deleteFiles(files: string[]): Promise<void> {
    await Promise.all(files.map((file) => rm(file, { force: true })));
    this.deleted += files.length;
  }
}

/** The names in a folder; none when it has just been deleted, as with its test case. */
async function list(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
}
