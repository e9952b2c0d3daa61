import type { ControlOutcome, ControlRequest, ControlStore } from "../../execution/ports.js";
import type { PrismaClient } from "../generated/client.js";

const UNFINISHED = { status: { in: ["queued" as const, "running" as const] } };

/** Requests to control runs of other servers, in the database, on behalf of one server. */
export class PrismaControlStore implements ControlStore {
  readonly #client: PrismaClient;
  readonly #owner: string;

  /** @param owner the id of the server */
  constructor(client: PrismaClient, owner: string) {
    this.#client = client;
    this.#owner = owner;
  }

  async findUnfinished(runId: string): Promise<{ principal: string | null } | undefined> {
    const where = { id: runId, ...UNFINISHED };
    return (await this.#client.run.findFirst({ where, select: { principal: true } })) ?? undefined;
  }

  async request(request: ControlRequest): Promise<boolean> {
    try {
      await this.#client.runControlRequest.createMany({ data: [{ ...request, requestedAt: new Date() }] });
      return true;
    } catch (error) {
      // A run that was deleted since it was found has no row to refer to.
      if ((await this.findUnfinished(request.runId)) === undefined) return false;
      throw error;
    }
  }

  async takeRequests(): Promise<ControlRequest[]> {
    const open = await this.#client.runControlRequest.findMany({
      where: { takenAt: null, run: { owner: this.#owner } },
      orderBy: { requestedAt: "asc" },
      select: { id: true, runId: true, control: true },
    });
    const taken: ControlRequest[] = [];
    for (const request of open) {
      // One that was withdrawn meanwhile is not to be carried out.
      const { count } = await this.#client.runControlRequest.updateMany({
        where: { id: request.id, takenAt: null },
        data: { takenAt: new Date() },
      });
      if (count > 0) taken.push(request);
    }
    return taken;
  }

  async answer(id: string, outcome: ControlOutcome): Promise<void> {
    await this.#client.runControlRequest.updateMany({ where: { id }, data: { outcome } });
  }

  async findOutcome(id: string): Promise<ControlOutcome | undefined> {
    const found = await this.#client.runControlRequest.findUnique({
      where: { id },
      select: { outcome: true },
    });
    // Nothing else is ever written into the column.
    return (found?.outcome ?? undefined) as ControlOutcome | undefined;
  }

  async withdraw(id: string): Promise<boolean> {
    const { count } = await this.#client.runControlRequest.deleteMany({ where: { id, takenAt: null } });
    if (count === 0) await this.#client.runControlRequest.deleteMany({ where: { id } });
    return count > 0;
  }
}
