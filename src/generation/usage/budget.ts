import { AppError } from "../../protocol/errors.js";
import type { AiUsage } from "../../protocol/messages.js";
import type { AiUsageReader, AiUsageReport, AiUsageStore } from "../ports.js";

/** Money for a million tokens. */
export interface TokenPrice {
  input: number;
  output: number;
}

export interface AiBudgetOptions {
  store: AiUsageStore;
  model: string;
  /** Nothing where the model has no price. */
  price: TokenPrice | undefined;
  /** The most that may be spent on a day, which ends at midnight UTC; no limit where one is missing. */
  limits: AiUsageReport["limits"];
  now: () => Date;
}

/** A call under way: its tokens are spent before anybody knows how many come back. */
interface Reserved {
  principal: string;
  tokens: number;
  cost: number;
}

/** Keeps account of what calls of a language model take, and refuses those for which nothing is left. */
export class AiBudget implements AiUsageReader {
  readonly #options: AiBudgetOptions;
  readonly #reserved = new Set<Reserved>();

  constructor(options: AiBudgetOptions) {
    this.#options = options;
  }

  /**
   * Lets a call begin.
   *
   * @param input tokens that it sends, about
   * @returns ends the call
   * @throws AppError `ai_budget_spent` when it would take more than is left today
   */
  async admit(principal: string, input: number): Promise<() => void> {
    const call: Reserved = { principal, tokens: input, cost: this.#costOf(input, 0) ?? 0 };
    this.#reserved.add(call);
    try {
      await this.#requireLeft(principal);
    } catch (error) {
      this.#reserved.delete(call);
      throw error;
    }
    return () => this.#reserved.delete(call);
  }

  /** Stores what a call has taken. */
  async record(
    principal: string,
    { input, output, isEstimate }: { input: number; output: number; isEstimate: boolean },
  ): Promise<AiUsage> {
    const { store, model, now } = this.#options;
    const at = now();
    const cost = this.#costOf(input, output) ?? null;
    const usage = { input_tokens: input, output_tokens: output, cost, is_estimate: isEstimate };
    await store.addCall({ at, day: dayOf(at), principal, model, ...usage });
    return { calls: 1, ...usage };
  }

  async report({ days, principal }: { days: number; principal: string | undefined }): Promise<AiUsageReport> {
    const { store, model, limits, now } = this.#options;
    const today = dayOf(now());
    const since = dayOf(new Date(now().getTime() - (days - 1) * DAY_MS));
    const [total, items, calls] = await Promise.all([
      store.sumOf(today),
      store.listDays({ since, principal }),
      store.listCalls({ since, principal, limit: MAX_CALLS }),
    ]);
    return { model, limits, today: total, items, calls };
  }

  async #requireLeft(principal: string): Promise<void> {
    const { store, limits, now } = this.#options;
    const { budget, budgetPerPrincipal, tokens, tokensPerPrincipal } = limits;
    const today = dayOf(now());
    if (budget !== undefined || tokens !== undefined) {
      const all = this.#with(await store.sumOf(today), [...this.#reserved]);
      this.#require(all.cost, budget, "AI_DAILY_BUDGET");
      this.#require(all.tokens, tokens, "AI_DAILY_TOKENS");
    }
    if (budgetPerPrincipal !== undefined || tokensPerPrincipal !== undefined) {
      const reserved = [...this.#reserved].filter((call) => call.principal === principal);
      const own = this.#with(await store.sumOf(today, principal), reserved);
      this.#require(own.cost, budgetPerPrincipal, "AI_DAILY_BUDGET_PER_PRINCIPAL");
      this.#require(own.tokens, tokensPerPrincipal, "AI_DAILY_TOKENS_PER_PRINCIPAL");
    }
  }

  #with(spent: AiUsage, reserved: readonly Reserved[]): { cost: number; tokens: number } {
    return {
      cost: reserved.reduce((sum, call) => sum + call.cost, spent.cost ?? 0),
      tokens: reserved.reduce((sum, call) => sum + call.tokens, spent.input_tokens + spent.output_tokens),
    };
  }

  #require(needed: number, limit: number | undefined, setting: string): void {
    if (limit === undefined || needed <= limit) return;
    const now = this.#options.now();
    throw new AppError(
      "ai_budget_spent",
      `The AI server is asked no more today: with this call it would be ${rounded(needed)} of ${limit} (${setting}). ` +
        `The day ends at 00:00 UTC; until then raise the limit, or describe the test in sentences that need no model.`,
      { retryAfterMs: DAY_MS - (now.getTime() % DAY_MS) },
    );
  }

  #costOf(input: number, output: number): number | undefined {
    const { price } = this.#options;
    return price && (input * price.input + output * price.output) / MILLION;
  }
}

const MILLION = 1_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Most single calls of a report, the latest. */
const MAX_CALLS = 100;

/** The day in UTC, such as `2026-01-13`. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function rounded(value: number): string {
  return String(Number(value.toFixed(6)));
}
