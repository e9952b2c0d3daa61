import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../protocol/errors.js";
import type { LanguageModel, Question, TokenUsage } from "./language-model.js";

/** Answers of a language model in files, one for each question, named by the question's content. */

const Recording = z.object({
  /** Name of the format that was asked for. */
  format: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  /** The model that has answered. */
  model: z.string(),
  answer: z.string(),
  usage: z.object({ input: z.int(), output: z.int(), isEstimate: z.boolean() }),
});
type Recording = z.infer<typeof Recording>;

/** The key of a question: the same for the same question, whatever model answers. */
function keyOf({ messages, format }: Question): string {
  return createHash("sha256")
    .update(JSON.stringify([messages, format]))
    .digest("hex")
    .slice(0, 40);
}

const NOTHING: TokenUsage = { input: 0, output: 0, isEstimate: true };

/** Keeps what another model answers. */
export class RecordingModel implements LanguageModel {
  readonly #model: LanguageModel;
  readonly #folder: string;
  readonly #name: string;
  readonly #secrets: readonly string[];

  /** @param options.secrets values that no file may hold */
  constructor(model: LanguageModel, options: { folder: string; name: string; secrets: readonly string[] }) {
    this.#model = model;
    this.#folder = options.folder;
    this.#name = options.name;
    this.#secrets = options.secrets.filter((secret) => secret !== "");
  }

  async ask(question: Question): Promise<string> {
    let usage = NOTHING;
    const answer = await this.#model.ask({
      ...question,
      onUsage: (taken) => {
        usage = taken;
        question.onUsage?.(taken);
      },
    });
    await this.#keep(question, { answer, usage });
    return answer;
  }

  async #keep(question: Question, { answer, usage }: { answer: string; usage: TokenUsage }): Promise<void> {
    const messages = question.messages.map(({ role, content }) => ({ role, content }));
    const recording: Recording = { format: question.format.name, messages, model: this.#name, answer, usage };
    const text = JSON.stringify(recording, null, 2);
    // Prompts hold none; a file that did would be read by others.
    if (this.#secrets.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)))) {
      question.log.warn("an AI answer was not recorded: it would hold a secret");
      return;
    }
    await mkdir(this.#folder, { recursive: true });
    const file = fileOf(this.#folder, question);
    await writeFile(`${file}.new`, `${text}\n`);
    await rename(`${file}.new`, file);
  }
}

/** Answers from files alone. */
export class ReplayedModel implements LanguageModel {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws AppError `ai_unavailable` with the remedy when there is no recording of the question */
  async ask(question: Question): Promise<string> {
    question.deadline.signal.throwIfAborted();
    const file = fileOf(this.#folder, question);
    const text = await readFile(file, "utf8").catch(() => {
      throw new AppError(
        "ai_unavailable",
        `AI_REPLAY has no answer to this question (${file}). Ask it once with OPENAI_API_KEY and AI_RECORD set to that folder, or leave AI_REPLAY out.`,
      );
    });
    const read = Recording.safeParse(parsed(text));
    if (!read.success)
      throw new AppError(
        "ai_unavailable",
        `AI_REPLAY: ${file} is no recording. Delete it and record the answer anew.`,
      );
    question.onUsage?.(read.data.usage);
    return read.data.answer;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fileOf(folder: string, question: Question): string {
  return join(folder, `${keyOf(question)}.json`);
}
