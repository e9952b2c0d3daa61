import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { AppError } from "../../protocol/errors.js";
import type { GeneratedCase, GenerationContext, Generator, ToldCase } from "../ports.js";
import { CASE_SCHEMA, ROWS_SCHEMA, STEP_SCHEMA } from "./answer-schema.js";
import { readCase, readRows, readStep, type ReadAnswer } from "./answer.js";
import { AnswerDeadline } from "./answer-deadline.js";
import { Chat, type ChatConfig } from "./chat.js";
import type { LanguageModel, Question } from "./language-model.js";
import { asData, CASE_PROMPT, ROWS_PROMPT, STEP_PROMPT } from "./prompt.js";
import { hasRows, rowsOf } from "./rows.js";

export interface OpenAiConfig extends ChatConfig {
  /**
   * Longest time for a whole generation, repeated requests included, in milliseconds.
   * @defaultValue 120000
   */
  requestTimeoutMs?: number | undefined;
  /**
   * Longest silence of the server, before its first chunk and between two, in milliseconds.
   * @defaultValue 30000
   */
  idleTimeoutMs?: number | undefined;
}

interface Task<T> {
  prompt: string;
  data: Record<string, unknown>;
  format: Question["format"];
  read: (text: string) => Promise<ReadAnswer<T>>;
}

/** Writes steps with a language model behind any server that has OpenAI's chat completions. */
export class OpenAiGenerator implements Generator {
  readonly name = "openai";
  readonly #model: LanguageModel;
  readonly #requestTimeoutMs: number;
  readonly #idleTimeoutMs: number;

  constructor({ requestTimeoutMs = 120_000, idleTimeoutMs = 30_000, ...chat }: OpenAiConfig) {
    this.#model = new Chat(chat);
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  async generateCase(told: ToldCase, context: GenerationContext): Promise<GeneratedCase> {
    if (!hasRows(told)) {
      const format = { name: "test_case", schema: CASE_SCHEMA };
      const data = { description: told.description };
      return await this.#generate({ prompt: CASE_PROMPT, data, format, read: readCase }, context);
    }
    const format = { name: "test_case_of_rows", schema: ROWS_SCHEMA };
    const read = (text: string): Promise<ReadAnswer<GeneratedCase>> => readRows(text, told.steps);
    const { steps, warnings } = await this.#generate(
      { prompt: ROWS_PROMPT, data: rowsOf(told), format, read },
      context,
    );
    return { steps, warnings: [...told.warnings, ...warnings] };
  }

  generateStep(
    step: { description: string; expectedResult: string },
    context: GenerationContext,
  ): ReturnType<Generator["generateStep"]> {
    const data = { description: step.description, expected_result: step.expectedResult };
    const format = { name: "test_step", schema: STEP_SCHEMA };
    return this.#generate({ prompt: STEP_PROMPT, data, format, read: readStep }, context);
  }

  async #generate<T>(task: Task<T>, { signal, log }: GenerationContext): Promise<T> {
    const deadline = new AnswerDeadline({
      caller: signal,
      requestTimeoutMs: this.#requestTimeoutMs,
      idleTimeoutMs: this.#idleTimeoutMs,
    });
    const messages: ChatCompletionMessageParam[] = [
      { role: "system", content: task.prompt },
      { role: "user", content: asData(task.data) },
    ];
    const ask = (): Promise<string> => this.#model.ask({ messages, format: task.format, deadline, log });
    try {
      const answer = await ask();
      const reading = await task.read(answer);
      if (reading.ok) return reading.value;

      log.info({ problems: reading.problems }, "AI answer invalid, asking once more");
      messages.push(
        { role: "assistant", content: answer },
        { role: "user", content: correction(reading.problems) },
      );
      const second = await task.read(await ask());
      if (second.ok) return second.value;
      throw invalidTwice(second.problems);
    } finally {
      deadline.end();
    }
  }
}

function correction(problems: string[]): string {
  const list = problems.map((problem) => `- ${problem}`).join("\n");
  return `Your answer is not valid:\n${list}\n\nAnswer again with the whole corrected JSON object and nothing else.`;
}

function invalidTwice(problems: string[]): AppError {
  const [first = "The answer holds no JSON object."] = problems;
  return new AppError(
    "ai_invalid_answer",
    `The AI server's answer held no valid test steps, also not after a retry: ${first} ` +
      `Word the description more plainly, or choose another model in OPENAI_MODEL.`,
  );
}
