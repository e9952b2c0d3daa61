import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { GenerationContext } from "../ports.js";
import { AnswerDeadline } from "./answer-deadline.js";
import type { ReadAnswer } from "./answer.js";
import type { LanguageModel, Question } from "./language-model.js";
import { asData } from "./prompt.js";
import { Withheld } from "./withheld.js";

export interface AskerOptions {
  model: LanguageModel;
  /** Longest time for a whole task, repeated requests included, in milliseconds. */
  requestTimeoutMs: number;
  /** Longest silence of the server, before its first chunk and between two, in milliseconds. */
  idleTimeoutMs: number;
  /** Values that no prompt may hold. */
  secrets: readonly string[];
}

export interface Task<T> {
  prompt: string;
  /** The data of the task, of which the model gets nothing that is withheld. */
  data: (withheld: Withheld) => Record<string, unknown>;
  format: Question["format"];
  read: (text: string) => Promise<ReadAnswer<T>>;
}

/** Gives tasks to a language model, each once more with what is wrong with its first answer. */
export class Asker {
  readonly #options: AskerOptions;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /** @throws AppError one of the `ai_…` codes; the signal's reason when it aborts */
  async ask<T>(task: Task<T>, context: GenerationContext): Promise<ReadAnswer<T>> {
    const { model, requestTimeoutMs, idleTimeoutMs, secrets } = this.#options;
    const { signal, log, principal, onUsage: onSpent } = context;
    const deadline = new AnswerDeadline({ caller: signal, requestTimeoutMs, idleTimeoutMs });
    const withheld = new Withheld(secrets);
    const messages: ChatCompletionMessageParam[] = [
      { role: "system", content: task.prompt },
      { role: "user", content: asData(task.data(withheld)) },
    ];
    const ask = (): Promise<string> =>
      model.ask({ messages, format: task.format, deadline, log, principal, onSpent });
    try {
      const answer = await ask();
      const reading = await task.read(withheld.restore(answer));
      if (reading.ok) return reading;
      log.info(
        { problems: reading.problems.map((problem) => withheld.hideAgain(problem)) },
        "AI answer invalid",
      );
      messages.push(
        { role: "assistant", content: answer },
        { role: "user", content: withheld.hideAgain(correction(reading.problems)) },
      );
      return await task.read(withheld.restore(await ask()));
    } finally {
      deadline.end();
    }
  }
}

function correction(problems: string[]): string {
  const list = problems.map((problem) => `- ${problem}`).join("\n");
  return `Your answer is not valid:\n${list}\n\nAnswer again with the whole corrected JSON object and nothing else.`;
}
