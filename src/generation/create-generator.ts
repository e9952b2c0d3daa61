import { OpenAiGenerator, type OpenAiConfig } from "./openai/openai-generator.js";
import { PlainEnglishGenerator } from "./plain-english/plain-english-generator.js";
import type { Generator } from "./ports.js";

export interface GeneratorConfig {
  openai?: OpenAiConfig | undefined;
}

/** The AI server's generator where there is a key for one, else the parser that needs none. */
export function createGenerator({ openai }: GeneratorConfig): Generator {
  return openai === undefined || openai.apiKey === ""
    ? new PlainEnglishGenerator()
    : new OpenAiGenerator(openai);
}
