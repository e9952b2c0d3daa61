import type { AiBudget } from "../usage/budget.js";
import type { LanguageModel, Question, TokenUsage } from "./language-model.js";
import { estimate } from "./tokens.js";

/** Asks another model as far as the budget goes, and keeps account of it. */
export class MeteredModel implements LanguageModel {
  readonly #model: LanguageModel;
  readonly #budget: AiBudget;

  constructor(model: LanguageModel, budget: AiBudget) {
    this.#model = model;
    this.#budget = budget;
  }

  /** @throws AppError `ai_budget_spent`, or as the other does */
  async ask(question: Question): Promise<string> {
    const { messages, format, principal = "" } = question;
    const release = await this.#budget.admit(principal, estimate(JSON.stringify([messages, format.schema])));
    const taken: TokenUsage[] = [];
    try {
      return await this.#model.ask({
        ...question,
        onUsage: (usage) => {
          taken.push(usage);
          question.onUsage?.(usage);
        },
      });
    } finally {
      try {
        for (const usage of taken) question.onSpent?.(await this.#budget.record(principal, usage));
      } finally {
        release();
      }
    }
  }
}
