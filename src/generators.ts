import type { Config } from "./config.js";
import { createGenerator } from "./generation/create-generator.js";
import { LivePageGeneration, type PageGenerationOptions } from "./generation/live/page-generation.js";
import type { Generator } from "./generation/ports.js";
import { takeSnapshot } from "./runner/snapshot/take-snapshot.js";

/** The generator that the configuration asks for. */
export function generatorOf(config: Config): Promise<Generator> {
  const { OPENAI_API_KEY: apiKey } = config;
  const openai = apiKey === undefined ? undefined : openAiOf(config, apiKey);
  return createGenerator({ openai, allowedHosts: config.ALLOWED_HOSTS });
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
  parts: Pick<PageGenerationOptions, "runs" | "cases">,
): LivePageGeneration {
  return new LivePageGeneration({
    ...parts,
    takeSnapshot,
    allowedHosts: config.ALLOWED_HOSTS,
    now: () => new Date(),
  });
}
