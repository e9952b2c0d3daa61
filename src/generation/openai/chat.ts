import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { Logger } from "pino";
import { pause } from "../../async/abortable.js";
import { AppError } from "../../protocol/errors.js";
import type { JsonSchema } from "./answer-schema.js";
import type { AnswerDeadline } from "./answer-deadline.js";
import { isPassing, refusesFormat, toAppError } from "./errors.js";

export interface ChatConfig {
  apiKey: string;
  /** @defaultValue OpenAI's own, `https://api.openai.com/v1` */
  baseURL?: string | undefined;
  model: string;
}

export interface Question {
  messages: ChatCompletionMessageParam[];
  /** The shape of the answer, and a name for it. */
  format: { name: string; schema: JsonSchema };
  deadline: AnswerDeadline;
  log: Logger;
}

/** The ways to ask for JSON, the strictest first. Compatible servers differ in which they know. */
const FORMATS = ["json_schema", "json_object", "text"] as const;
type Format = (typeof FORMATS)[number];

interface SparseChunk {
  choices?: {
    delta?: { content?: string | null; refusal?: string | null } | null;
    finish_reason?: string | null;
  }[];
}

/** An answer is a few kilobytes; a model that repeats itself without end is stopped here. */
const MAX_ANSWER_LENGTH = 1_000_000;

/** Longest time to wait before a request is repeated, also where the server asks for longer. */
const MAX_RETRY_DELAY_MS = 5_000;

/** Asks an OpenAI-compatible server, and remembers which answer format it accepts. */
export class Chat {
  readonly #client: OpenAI;
  readonly #model: string;
  readonly #host: string;
  /** The first entry of FORMATS that the server has not refused. */
  #level = 0;

  constructor({ apiKey, baseURL = "https://api.openai.com/v1", model }: ChatConfig) {
    this.#model = model;
    this.#host = new URL(baseURL).host;
    this.#client = new OpenAI({
      apiKey,
      baseURL,
      // Unset options would be read from environment variables that Stepwire does not document.
      organization: null,
      project: null,
      adminAPIKey: null,
      webhookSecret: null,
      // Its debug log holds the test's texts, and its retry waits cannot be aborted.
      logLevel: "off",
      maxRetries: 0,
    });
  }

  /**
   * @returns the text of the answer.
   * @throws AppError one of the `ai_…` codes; the reason of the deadline's signal when that aborts.
   */
  async ask(question: Question): Promise<string> {
    const { deadline, log } = question;
    for (;;) {
      const level = this.#level;
      const format = FORMATS[level] ?? "text";
      try {
        return await this.#askPatiently(question, format);
      } catch (error) {
        deadline.signal.throwIfAborted();
        if (level < FORMATS.length - 1 && refusesFormat(error)) {
          log.info({ refused: format }, "AI server refused the answer format");
          this.#level = Math.max(this.#level, level + 1);
          continue;
        }
        const appError = toAppError(error, { model: this.#model, host: this.#host });
        if (appError !== error)
          log.warn({ code: appError.code, reason: this.#wordsOf(error) }, "AI call failed");
        throw appError;
      } finally {
        deadline.pause();
      }
    }
  }

  /** Asks again, once, when the server is overloaded or stumbles. */
  async #askPatiently(question: Question, format: Format): Promise<string> {
    const { deadline } = question;
    try {
      return await this.#askOnce(question, format);
    } catch (error) {
      deadline.signal.throwIfAborted();
      if (!isPassing(error) || refusesFormat(error)) throw error;
      deadline.pause();
      const asked = Number(error.headers?.get("retry-after") ?? Number.NaN) * 1000;
      const wait = Number.isFinite(asked) ? asked : 500;
      await pause(Math.min(Math.max(wait, 0), MAX_RETRY_DELAY_MS), deadline.signal);
      return this.#askOnce(question, format);
    }
  }

  async #askOnce({ messages, format, deadline }: Question, kind: Format): Promise<string> {
    const { signal } = deadline;
    signal.throwIfAborted();
    deadline.touch();
    const stream = await this.#client.chat.completions.create(
      { model: this.#model, messages, stream: true, ...responseFormat(kind, format) },
      { signal },
    );
    let text = "";
    let finished: string | undefined;
    for await (const chunk of stream) {
      deadline.touch();
      // The SDK's types are a promise of OpenAI's; compatible servers leave out what they do not need.
      const choice = (chunk as SparseChunk).choices?.[0];
      finished = choice?.finish_reason ?? finished;
      if (choice?.delta?.refusal) throw declined();
      text += choice?.delta?.content ?? "";
      if (text.length > MAX_ANSWER_LENGTH) throw endless();
    }
    // The SDK ends the loop without an error when the signal aborts.
    signal.throwIfAborted();
    return checkEnd(text, finished);
  }

  #wordsOf(error: unknown): string {
    const words = error instanceof Error ? error.message : String(error);
    return words.replaceAll(this.#client.apiKey ?? "", "[key]").slice(0, 500);
  }
}

function responseFormat(
  kind: Format,
  { name, schema }: Question["format"],
): Pick<OpenAI.ChatCompletionCreateParams, "response_format"> {
  switch (kind) {
    case "json_schema":
      return { response_format: { type: "json_schema", json_schema: { name, schema, strict: true } } };
    case "json_object":
      return { response_format: { type: "json_object" } };
    case "text":
      return {};
  }
}

function checkEnd(text: string, finished: string | undefined): string {
  if (finished === "length") {
    throw new AppError(
      "ai_invalid_answer",
      "The AI server's answer stopped half-way, at its length limit. Describe a shorter test, or choose a model " +
        "with longer answers in OPENAI_MODEL.",
    );
  }
  if (finished === "content_filter") throw declined();
  // A server that closes the stream tidily in the middle; one that never sends a reason must end in a bracket.
  if (finished === undefined && !/[}\]`]\s*$/.test(text)) {
    throw new AppError(
      "ai_unavailable",
      "The AI server's answer stopped half-way. Try again; if it stays so, check the AI server.",
    );
  }
  return text;
}

function declined(): AppError {
  return new AppError(
    "ai_invalid_answer",
    "The AI server declined to answer. Word the description differently.",
  );
}

function endless(): AppError {
  return new AppError(
    "ai_invalid_answer",
    "The AI server's answer did not end. Try again, or choose another model in OPENAI_MODEL.",
  );
}
