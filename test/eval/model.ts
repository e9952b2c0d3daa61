import { parseConfig } from "../../src/config.js";
import type { Generator } from "../../src/generation/ports.js";
import { generatorsOf } from "../../src/generators.js";

/** The settings of a language model that the environment has: without any, rules alone are measured. */
export function modelSettings(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    /^(?:OPENAI|AI)_/.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** The generator that is measured: a language model's with `OPENAI_API_KEY` or `AI_REPLAY`, else plain English. */
export async function measuredGenerator(): Promise<Generator> {
  return (await generatorsOf(parseConfig(modelSettings()))).generator;
}
