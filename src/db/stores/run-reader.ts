import type { RunReader, StoredRun } from "../../cases/ports.js";
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

/** A stored event. Only `append` of the execution store writes payloads, and it writes run events: hence the cast. */
export function toRunEvent({ payload }: { payload: unknown }): RunEvent {
  return payload as RunEvent;
}
