import type { AiUsage } from "../../protocol/messages.js";
import type { AiCall, AiUsageOfDay, AiUsageStore } from "../../generation/ports.js";
import type { PrismaClient } from "../generated/client.js";

interface Selection {
  since: string;
  principal: string | undefined;
}

/** Calls of language models, in the database. */
export class PrismaAiUsageStore implements AiUsageStore {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async addCall({
    input_tokens,
    output_tokens,
    is_estimate,
    ...call
  }: AiCall & { day: string }): Promise<void> {
    const tokens = { inputTokens: input_tokens, outputTokens: output_tokens, estimated: is_estimate ? 1 : 0 };
    await this.#client.aiCall.create({ data: { ...call, ...tokens }, select: { id: true } });
  }

  async sumOf(day: string, principal?: string): Promise<AiUsage> {
    const where = { day, ...(principal !== undefined && { principal }) };
    return toUsage(await this.#client.aiCall.aggregate({ where, ...FIGURES }));
  }

  async listDays({ since, principal }: Selection): Promise<AiUsageOfDay[]> {
    const found = await this.#client.aiCall.groupBy({
      by: ["day", "principal", "model"],
      where: whereOf({ since, principal }),
      orderBy: [{ day: "desc" }, { principal: "asc" }, { model: "asc" }],
      ...FIGURES,
    });
    return found.map(({ day, principal: whose, model, ...figures }) => ({
      ...{ day, principal: whose, model },
      ...toUsage(figures),
    }));
  }

  async listCalls({ limit, ...selection }: Selection & { limit: number }): Promise<AiCall[]> {
    const where = whereOf(selection);
    const found = await this.#client.aiCall.findMany({ where, orderBy: { id: "desc" }, take: limit });
    return found.map(({ at, principal, model, inputTokens, outputTokens, cost, estimated }) => ({
      ...{ at, principal, model, cost },
      ...{ input_tokens: inputTokens, output_tokens: outputTokens, is_estimate: estimated > 0 },
    }));
  }
}

function whereOf({ since, principal }: Selection) {
  return { day: { gte: since }, ...(principal !== undefined && { principal }) };
}

const FIGURES = {
  _count: { _all: true, cost: true },
  _sum: { inputTokens: true, outputTokens: true, cost: true, estimated: true },
} as const;

interface Figures {
  _count: { _all: number; cost: number };
  _sum: {
    inputTokens: number | null;
    outputTokens: number | null;
    cost: number | null;
    estimated: number | null;
  };
}

function toUsage({ _count: count, _sum: sum }: Figures): AiUsage {
  return {
    calls: count._all,
    input_tokens: sum.inputTokens ?? 0,
    output_tokens: sum.outputTokens ?? 0,
    cost: count.cost === 0 && count._all > 0 ? null : (sum.cost ?? 0),
    // A model without a price leaves a part of the money unknown.
    is_estimate: (sum.estimated ?? 0) > 0 || (count.cost > 0 && count.cost < count._all),
  };
}
