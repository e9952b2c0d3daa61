import type { TokenUsage } from "./language-model.js";

/** Characters to a token: fewer than in most texts, so that an estimate is rather too high. */
const CHARACTERS_A_TOKEN = 3;

/** A server's account of a call, as far as it gives one. */
interface ToldUsage {
  prompt_tokens?: number | null;
  completion_tokens?: number | null;
}

/** The tokens of a call: as the server tells them, or else by the lengths of what was sent and received. */
export function usageOf(
  told: ToldUsage | null | undefined,
  { sent, received }: { sent: string; received: string },
): TokenUsage {
  const { prompt_tokens: input, completion_tokens: output } = told ?? {};
  if (isCount(input) && isCount(output)) return { input, output, isEstimate: false };
  return { input: estimate(sent), output: estimate(received), isEstimate: true };
}

export function estimate(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}
