import { limitOf, type Config } from "./config.js";
import { createGenerators, createPageGeneration, type Generators } from "./generation/create-generator.js";
import type { PageGenerationOptions } from "./generation/live/page-generation.js";
import type { AiUsageStore, PageGeneration } from "./generation/ports.js";
import { AiBudget } from "./generation/usage/budget.js";
import { UNTRACED, type Traces } from "./tracing/ports.js";
import { takeSnapshot } from "./runner/snapshot/take-snapshot.js";

/** The account of what calls of the configured language model take. */
export function aiBudgetOf(config: Config, store: AiUsageStore): AiBudget {
  const { OPENAI_MODEL: model, AI_PRICES: prices } = config;
  return new AiBudget({
    store,
    model,
    price: prices.get(model),
    limits: {
      budget: limitOf(config.AI_DAILY_BUDGET),
      budgetPerPrincipal: limitOf(config.AI_DAILY_BUDGET_PER_PRINCIPAL),
      tokens: limitOf(config.AI_DAILY_TOKENS),
      tokensPerPrincipal: limitOf(config.AI_DAILY_TOKENS_PER_PRINCIPAL),
    },
    now: () => new Date(),
  });
}

interface Lookers {
  /** Keeps account of what they take. @defaultValue nobody does */
  budget?: AiBudget;
  /** @defaultValue nobody follows */
  traces?: Traces;
}

/** The generators that the configuration asks for. */
export function generatorsOf(
  config: Config,
  { budget, traces = UNTRACED }: Lookers = {},
): Promise<Generators> {
  const { OPENAI_API_KEY: apiKey } = config;
  return createGenerators({
    openai: apiKey === undefined ? undefined : openAiOf(config, apiKey),
    replay: config.AI_REPLAY,
    record: config.AI_RECORD,
    budget,
    traced: (model) => traces.model(model, config.OPENAI_MODEL),
    secrets: Object.values(config.secrets),
    allowedHosts: config.ALLOWED_HOSTS,
  });
}

function openAiOf(config: Config, apiKey: string) {
  return {
    apiKey,
    baseURL: config.OPENAI_BASE_URL,
    model: config.OPENAI_MODEL,
    requestTimeoutMs: config.OPENAI_TIMEOUT * 1000,
    idleTimeoutMs: config.OPENAI_IDLE_TIMEOUT * 1000,
  };
}

/** Generation on the open page, with the hosts that the configuration allows. */
export function pageGenerationOf(
  config: Config,
  parts: Pick<PageGenerationOptions, "runs" | "cases" | "pageReader" | "log">,
): PageGeneration {
  return createPageGeneration({
    ...parts,
    takeSnapshot,
    allowedHosts: config.ALLOWED_HOSTS,
    now: () => new Date(),
  });
}
