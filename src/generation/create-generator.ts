import type { OpenAiConfig } from "./openai/openai-generator.js";
import type { Generator } from "./ports.js";

export interface GeneratorConfig {
  openai?: OpenAiConfig | undefined;
  /** Hosts that this server's browsers may open; empty: every host. */
  allowedHosts?: readonly string[];
}

/** The AI server's generator where there is a key for one, else the parser that needs none. Only one is ever loaded. */
export async function createGenerator({ openai, allowedHosts = [] }: GeneratorConfig): Promise<Generator> {
  if (openai === undefined || openai.apiKey === "") {
    const { PlainEnglishGenerator } = await import("./plain-english/plain-english-generator.js");
    return new PlainEnglishGenerator({ allowedHosts });
  }
  const { OpenAiGenerator } = await import("./openai/openai-generator.js");
  return new OpenAiGenerator({ allowedHosts, ...openai });
}
