import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { Logger } from "pino";
import type { AiUsage } from "../../protocol/messages.js";
import type { AnswerDeadline } from "./answer-deadline.js";
import type { JsonSchema } from "./answer-schema.js";

export interface Question {
  messages: ChatCompletionMessageParam[];
  /** The shape of the answer, and a name for it. */
  format: { name: string; schema: JsonSchema };
  deadline: AnswerDeadline;
  log: Logger;
  /** The name of the person or program that asks. @defaultValue nobody in particular */
  principal?: string | undefined;
  /** Called with what a call has taken, also where its answer is of no use. @defaultValue nobody counts */
  onUsage?: (usage: TokenUsage) => void;
  /** Called once that is accounted for. @defaultValue nobody is told */
  onSpent?: ((usage: AiUsage) => void) | undefined;
}

/** The tokens of one call. */
export interface TokenUsage {
  input: number;
  output: number;
  /** The server has not told them: they are reckoned from the lengths of the texts. */
  isEstimate: boolean;
}

/** A language model, wherever it is. */
export interface LanguageModel {
  /**
   * @returns the text of an answer that the model has brought to its end
   * @throws AppError one of the `ai_…` codes; the reason of the deadline's signal when that aborts
   */
  ask(question: Question): Promise<string>;
}
