import type { AiUsage } from "../../protocol/messages.js";

/** Adds up what calls of a language model have taken. */
export class UsageTotal {
  #all: AiUsage | undefined;
  #untold: AiUsage | undefined;

  readonly add = (usage: AiUsage): void => {
    this.#all = sum(this.#all, usage);
    this.#untold = sum(this.#untold, usage);
  };

  /** Everything; nothing where there was no call. */
  get all(): AiUsage | undefined {
    return this.#all;
  }

  /** Everything since it was asked for last. */
  takeUntold(): AiUsage | undefined {
    const untold = this.#untold;
    this.#untold = undefined;
    return untold;
  }
}

function sum(one: AiUsage | undefined, other: AiUsage): AiUsage {
  if (one === undefined) return other;
  return {
    calls: one.calls + other.calls,
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    cost: one.cost === null || other.cost === null ? null : one.cost + other.cost,
    is_estimate: one.is_estimate || other.is_estimate,
  };
}
