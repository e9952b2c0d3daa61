import type { Delivery, DeliveryFilter, DeliveryPlace, DeliveryStore } from "../../webhooks/ports.js";
import type { Prisma, PrismaClient } from "../generated/client.js";

/** Messages to webhooks, in the database. */
export class PrismaWebhookStore implements DeliveryStore {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async findDueDeliveries(now: Date, limit: number): Promise<Delivery[]> {
    const rows = await this.#client.webhookDelivery.findMany({
      where: { nextAttemptAt: { lte: now } },
      orderBy: { nextAttemptAt: "asc" },
      take: limit,
    });
    return rows.map(toDelivery);
  }

  async updateDelivery(
    id: string,
    { attempts, ...changes }: Pick<Delivery, "status" | "attempts" | "nextAttemptAt">,
  ): Promise<void> {
    // Plain data, of which Prisma's type for JSON knows nothing.
    const data = { ...changes, attempts: attempts as unknown as Prisma.InputJsonArray };
    await this.#client.webhookDelivery.updateMany({ where: { id }, data });
  }

  async redeliver(id: string, at: Date): Promise<Delivery | undefined> {
    await this.#client.webhookDelivery.updateMany({
      where: { id },
      data: { status: "pending", nextAttemptAt: at },
    });
    return await this.findDelivery(id);
  }

  async findDelivery(id: string): Promise<Delivery | undefined> {
    const row = await this.#client.webhookDelivery.findUnique({ where: { id } });
    return row === null ? undefined : toDelivery(row);
  }

  async listDeliveries(
    { runId, status }: DeliveryFilter,
    { limit, before }: { limit: number; before: DeliveryPlace | undefined },
  ): Promise<Delivery[]> {
    const rows = await this.#client.webhookDelivery.findMany({
      where: {
        ...(runId !== undefined && { runId }),
        ...(status !== undefined && { status }),
        ...(before !== undefined && {
          createdAt: { lte: before.createdAt },
          OR: [
            { createdAt: { lt: before.createdAt } },
            { createdAt: before.createdAt, id: { lt: before.id } },
          ],
        }),
      },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: limit,
    });
    return rows.map(toDelivery);
  }

  async deleteDeliveries(before: Date): Promise<number> {
    const { count } = await this.#client.webhookDelivery.deleteMany({
      where: { createdAt: { lt: before }, nextAttemptAt: null },
    });
    return count;
  }
}

type Row = Omit<Delivery, "attempts"> & { attempts: unknown };

/** Only the store writes attempts: hence the cast. */
function toDelivery({ attempts, ...row }: Row): Delivery {
  return { ...row, attempts: attempts as Delivery["attempts"] };
}
