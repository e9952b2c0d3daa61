import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { refusalOfUrls, urlsAround, urlsNamedBy } from "../named-hosts.js";
import { readCase as readSentences } from "../plain-english/description.js";
import { readStep as readStepSentences } from "../plain-english/plain-english-generator.js";
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
  /** Hosts that this server's browsers may open; empty: every host that the author names. */
  allowedHosts?: readonly string[] | undefined;
}

type GeneratedScript = Awaited<ReturnType<Generator["generateStep"]>>;

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
  readonly #allowedHosts: readonly string[];

  constructor({
    requestTimeoutMs = 120_000,
    idleTimeoutMs = 30_000,
    allowedHosts = [],
    ...chat
  }: OpenAiConfig) {
    this.#model = new Chat(chat);
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#allowedHosts = allowedHosts;
  }

  async generateCase(told: ToldCase, context: GenerationContext): Promise<GeneratedCase> {
    context.signal.throwIfAborted();
    const { clauses } = await readSentences(told, context.signal);
    const named = [...urlsAround(told), ...urlsNamedBy(clauses)];
    const kept = this.#keepingTo(named, ({ steps }: GeneratedCase) => steps.map(({ commands }) => commands));
    if (!hasRows(told)) {
      const format = { name: "test_case", schema: CASE_SCHEMA };
      const data = { description: told.description };
      const read = async (text: string) => kept(await readCase(text));
      return await this.#generate({ prompt: CASE_PROMPT, data, format, read }, context);
    }
    const format = { name: "test_case_of_rows", schema: ROWS_SCHEMA };
    const read = async (text: string) => kept(await readRows(text, told.steps));
    const { steps, warnings } = await this.#generate(
      { prompt: ROWS_PROMPT, data: rowsOf(told), format, read },
      context,
    );
    return { steps, warnings: [...told.warnings, ...warnings] };
  }

  async generateStep(
    step: { description: string; expectedResult: string },
    context: GenerationContext,
  ): ReturnType<Generator["generateStep"]> {
    const named = urlsNamedBy(await readStepSentences(step, context.signal));
    const kept = this.#keepingTo(named, ({ commands }: GeneratedScript) => [commands]);
    const read = async (text: string) => kept(await readStep(text));
    const data = { description: step.description, expected_result: step.expectedResult };
    const format = { name: "test_step", schema: STEP_SCHEMA };
    return await this.#generate({ prompt: STEP_PROMPT, data, format, read }, context);
  }

  /** Has the model answer again where its commands open a host that the author has not named. */
  #keepingTo<T>(named: readonly string[], scriptsOf: (value: T) => Script[]) {
    return (reading: ReadAnswer<T>): ReadAnswer<T> => {
      if (!reading.ok) return reading;
      const problems = scriptsOf(reading.value).flatMap((commands, index) => {
        const refusal = refusalOfUrls(commands, { named, allowed: this.#allowedHosts });
        return refusal === undefined ? [] : [`Step ${index + 1}: ${refusal}. Open no other.`];
      });
      return problems.length === 0 ? reading : { ok: false, problems };
    };
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
