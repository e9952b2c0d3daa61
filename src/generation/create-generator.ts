import type { ModelConfig } from "./openai/create-asker.js";
import type { Generator, PageReader } from "./ports.js";

export interface GeneratorConfig extends ModelConfig {
  /** Hosts that this server's browsers may open; empty: every host. */
  allowedHosts?: readonly string[];
}

export interface Generators {
  generator: Generator;
  /** Reads sentences about the open page that rules do not; nothing without a language model. */
  pageReader: PageReader | undefined;
}

/** A language model's where there is one, else the parser that needs none. Only one is ever loaded. */
export async function createGenerators(config: GeneratorConfig): Promise<Generators> {
  const { openai, replay, allowedHosts = [] } = config;
  if (replay === undefined && (openai === undefined || openai.apiKey === "")) {
    const { PlainEnglishGenerator } = await import("./plain-english/plain-english-generator.js");
    return { generator: new PlainEnglishGenerator({ allowedHosts }), pageReader: undefined };
  }
  const { createAsker } = await import("./openai/create-asker.js");
  const { OpenAiGenerator } = await import("./openai/openai-generator.js");
  const { ModelPageReader } = await import("./openai/page-reader.js");
  const asker = createAsker(config);
  return { generator: new OpenAiGenerator(asker, { allowedHosts }), pageReader: new ModelPageReader(asker) };
}
