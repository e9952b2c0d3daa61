import type { GeneratorName } from "../protocol/messages.js";
import type { PageGenerationOptions } from "./live/page-generation.js";
import type { ModelConfig } from "./openai/create-asker.js";
import type { Generator, PageGeneration, PageReader } from "./ports.js";

export interface GeneratorConfig extends ModelConfig {
  /** Hosts that this server's browsers may open; empty: every host. */
  allowedHosts?: readonly string[];
}

export interface Generators {
  generator: Generator;
  /** Reads sentences about the open page that rules do not; nothing without a language model. */
  pageReader: PageReader | undefined;
}

/** A language model's where there is one, else the parser that needs none, which is loaded at first use. */
export async function createGenerators(config: GeneratorConfig): Promise<Generators> {
  const { openai, replay, allowedHosts = [] } = config;
  if (replay === undefined && (openai === undefined || openai.apiKey === "")) {
    const generator = lazyGenerator("plain-english", async () => {
      const { PlainEnglishGenerator } = await import("./plain-english/plain-english-generator.js");
      return new PlainEnglishGenerator({ allowedHosts });
    });
    return { generator, pageReader: undefined };
  }
  const { createAsker } = await import("./openai/create-asker.js");
  const { OpenAiGenerator } = await import("./openai/openai-generator.js");
  const { ModelPageReader } = await import("./openai/page-reader.js");
  const asker = createAsker(config);
  return { generator: new OpenAiGenerator(asker, { allowedHosts }), pageReader: new ModelPageReader(asker) };
}

/** Generation on the open page, loaded at first use. */
export function createPageGeneration(options: PageGenerationOptions): PageGeneration {
  const loaded = once(async () => {
    const { LivePageGeneration } = await import("./live/page-generation.js");
    return new LivePageGeneration(options);
  });
  return {
    startCase: async (request) => (await loaded()).startCase(request),
    startStep: async (stepId, request) => (await loaded()).startStep(stepId, request),
  };
}

function lazyGenerator(name: GeneratorName, load: () => Promise<Generator>): Generator {
  const loaded = once(load);
  return {
    name,
    generateCase: async (told, context) => (await loaded()).generateCase(told, context),
    generateStep: async (step, context) => (await loaded()).generateStep(step, context),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => (loading ??= load());
}
