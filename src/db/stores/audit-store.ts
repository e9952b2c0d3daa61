import type { AuditEntry, AuditStore } from "../../auth/ports.js";
import type { PrismaClient } from "../generated/client.js";

/** The record of who did what, in the database. */
export class PrismaAuditStore implements AuditStore {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async appendAudit(entries: AuditEntry[]): Promise<void> {
    await this.#client.auditEntry.createMany({ data: entries });
  }

  async listAudit({
    limit,
    before,
  }: {
    limit: number;
    before: number | undefined;
  }): Promise<(AuditEntry & { id: number })[]> {
    return await this.#client.auditEntry.findMany({
      ...(before !== undefined && { where: { id: { lt: before } } }),
      orderBy: { id: "desc" },
      take: limit,
    });
  }

  async deleteAudit(before: Date): Promise<number> {
    const { count } = await this.#client.auditEntry.deleteMany({ where: { at: { lt: before } } });
    return count;
  }
}
