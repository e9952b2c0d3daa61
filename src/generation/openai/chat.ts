import OpenAI from "openai";
import type { Stream } from "openai/streaming";
import { pause } from "../../async/abortable.js";
import { declined, refuseEndless, requireEnd } from "./answer-end.js";
import { isPassing, noStream, refusesFormat, refusesUsage, toAppError } from "./errors.js";
import type { LanguageModel, Question } from "./language-model.js";
import { Refusals } from "./refusals.js";
import { usageOf } from "./tokens.js";

export interface ChatConfig {
  apiKey: string;
  /** @defaultValue OpenAI's own, `https://api.openai.com/v1` */
  baseURL?: string | undefined;
  model: string;
  /** The clock, in milliseconds. @defaultValue the system's */
  now?: (() => number) | undefined;
}

/** The ways to ask for JSON, the strictest first. Compatible servers differ in which they know. */
const FORMATS = ["json_schema", "json_object", "text"] as const;
type Format = (typeof FORMATS)[number];

/** Parts of a request without which it is made once a server has refused them. */
type Refusable = Exclude<Format, "text"> | "stream_options";

interface SparseChunk {
  choices?: {
    delta?: { content?: string | null; refusal?: string | null } | null;
    finish_reason?: string | null;
  }[];
  usage?: { prompt_tokens?: number | null; completion_tokens?: number | null } | null;
}

/** Longest time to wait before a request is repeated, also where the server asks for longer. */
const MAX_RETRY_DELAY_MS = 5_000;

/** Asks an OpenAI-compatible server, and remembers for a while what it does not accept. */
export class Chat implements LanguageModel {
  readonly #client: OpenAI;
  readonly #model: string;
  readonly #host: string;
  readonly #refused: Refusals<Refusable>;

  constructor({ apiKey, baseURL = "https://api.openai.com/v1", model, now = Date.now }: ChatConfig) {
    this.#model = model;
    this.#host = new URL(baseURL).host;
    this.#refused = new Refusals(now);
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

  async ask(question: Question): Promise<string> {
    const { deadline, log } = question;
    for (;;) {
      const format = FORMATS.find((one) => one === "text" || !this.#refused.has(one)) ?? "text";
      try {
        return await this.#askPatiently(question, format);
      } catch (error) {
        deadline.signal.throwIfAborted();
        const refused = this.#refusedIn(error, format);
        if (refused !== undefined) {
          log.info({ refused }, "AI server refused a part of the request");
          this.#refused.add(refused);
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

  /** The part of the request that an error is about, if the request may be made without it. */
  #refusedIn(error: unknown, format: Format): Refusable | undefined {
    if (refusesUsage(error) && !this.#refused.has("stream_options")) return "stream_options";
    return format !== "text" && refusesFormat(error) ? format : undefined;
  }

  /** Asks again, once, when the server is overloaded or stumbles. */
  async #askPatiently(question: Question, format: Format): Promise<string> {
    const { deadline } = question;
    try {
      return await this.#askOnce(question, format);
    } catch (error) {
      deadline.signal.throwIfAborted();
      if (!isPassing(error) || this.#refusedIn(error, format) !== undefined) throw error;
      deadline.pause();
      const asked = Number(error.headers?.get("retry-after") ?? Number.NaN) * 1000;
      const wait = Number.isFinite(asked) ? asked : 500;
      await pause(Math.min(Math.max(wait, 0), MAX_RETRY_DELAY_MS), deadline.signal);
      return this.#askOnce(question, format);
    }
  }

  async #askOnce(question: Question, kind: Format): Promise<string> {
    const { messages, format, deadline } = question;
    const { signal } = deadline;
    signal.throwIfAborted();
    deadline.touch();
    const { data: stream, response } = await this.#client.chat.completions
      .create(
        {
          model: this.#model,
          messages,
          stream: true,
          ...(!this.#refused.has("stream_options") && { stream_options: { include_usage: true } }),
          ...responseFormat(kind, format),
        },
        { signal },
      )
      .withResponse();
    const type = response.headers.get("content-type") ?? "";
    if (/html|json/i.test(type)) {
      stream.controller.abort();
      throw noStream(this.#host, type);
    }
    const sent = JSON.stringify([messages, kind === "json_schema" ? format.schema : ""]);
    return await this.#read(stream, sent, question);
  }

  async #read(stream: Stream<unknown>, sent: string, { deadline, onUsage }: Question): Promise<string> {
    let received = "";
    let finished: string | undefined;
    let told: SparseChunk["usage"];
    let isStream = false;
    try {
      for await (const chunk of stream) {
        deadline.touch();
        isStream = true;
        // The SDK's types are a promise of OpenAI's; compatible servers leave out what they do not need.
        const { choices: [choice] = [], usage } = chunk as SparseChunk;
        finished = choice?.finish_reason ?? finished;
        told = usage ?? told;
        if (choice?.delta?.refusal) throw declined();
        received += choice?.delta?.content ?? "";
        refuseEndless(received);
      }
    } finally {
      if (isStream) onUsage?.(usageOf(told, { sent, received }));
    }
    // The SDK ends the loop without an error when the signal aborts.
    deadline.signal.throwIfAborted();
    if (!isStream) throw noStream(this.#host, "");
    requireEnd(received, finished);
    return received;
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
