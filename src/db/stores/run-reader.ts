import type { RunFilter, RunPlace, RunReader, StoredRun } from "../../cases/ports.js";
import type { RunEvent } from "../../protocol/messages.js";
import type { PrismaClient } from "../generated/client.js";

/** Reads runs and their events for people and reports. */
export class PrismaRunReader implements RunReader {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async findRun(id: string): Promise<StoredRun | undefined> {
    return (await this.#client.run.findUnique({ where: { id } })) ?? undefined;
  }

  async listRuns(
    { since, until, ...filter }: RunFilter,
    { limit, before }: { limit: number; before: RunPlace | undefined },
  ): Promise<StoredRun[]> {
    return await this.#client.run.findMany({
      where: {
        ...given(filter),
        createdAt: given({ gte: since, lt: until, lte: before?.createdAt }),
        ...(before && {
          OR: [
            { createdAt: { lt: before.createdAt } },
            { createdAt: before.createdAt, id: { lt: before.id } },
          ],
        }),
      },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: limit,
    });
  }

  async findEvents(
    runId: string,
    { afterSeq, limit }: { afterSeq: number; limit: number },
  ): Promise<RunEvent[]> {
    const rows = await this.#client.runEvent.findMany({
      where: { runId, seq: { gt: afterSeq } },
      orderBy: { seq: "asc" },
      take: limit,
      select: { payload: true },
    });
    return rows.map(toRunEvent);
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that are not undefined, which Prisma tells apart from those that are missing. */
function given<T extends object>(fields: T): Given<T> {
  // The filter leaves only such entries.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}

/** A stored event. Only `append` of the execution store writes payloads, and it writes run events: hence the cast. */
export function toRunEvent({ payload }: { payload: unknown }): RunEvent {
  return payload as RunEvent;
}
