import type { Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { refusalOfUrls, urlsAround, urlsNamedBy } from "../named-hosts.js";
import { readCase as readSentences } from "../plain-english/description.js";
import { readStep as readStepSentences } from "../plain-english/plain-english-generator.js";
import type { GeneratedCase, GenerationContext, Generator, ToldCase } from "../ports.js";
import { CASE_SCHEMA, ROWS_SCHEMA, STEP_SCHEMA } from "./answer-schema.js";
import { readCase, readRows, readStep, type ReadAnswer } from "./answer.js";
import type { Asker, Task } from "./asker.js";
import { CASE_PROMPT, ROWS_PROMPT, STEP_PROMPT } from "./prompt.js";
import { hasRows, rowsOf } from "./rows.js";
import { SentenceReader } from "./written-sentences.js";

type GeneratedScript = Awaited<ReturnType<Generator["generateStep"]>>;

/** Writes steps with a language model that does not see the page. */
export class OpenAiGenerator implements Generator {
  readonly name = "openai";
  readonly #asker: Asker;
  readonly #allowedHosts: readonly string[];

  /** @param options.allowedHosts hosts that this server's browsers may open; empty: every host that the author names */
  constructor(asker: Asker, { allowedHosts }: { allowedHosts: readonly string[] }) {
    this.#asker = asker;
    this.#allowedHosts = allowedHosts;
  }

  async generateCase(told: ToldCase, context: GenerationContext): Promise<GeneratedCase> {
    context.signal.throwIfAborted();
    const { clauses } = await readSentences(told, context.signal);
    const named = [...urlsAround(told), ...urlsNamedBy(clauses)];
    const sentences = new SentenceReader({
      own: told.description,
      ...{ baseUrl: named[0], signal: context.signal },
    });
    const kept = this.#keepingTo(named, ({ steps }: GeneratedCase) => steps.map(({ commands }) => commands));
    if (!hasRows(told)) {
      const { description } = told;
      return await this.#ask(
        {
          prompt: CASE_PROMPT,
          data: (withheld) => ({ description: withheld.hide(description) }),
          format: { name: "test_case", schema: CASE_SCHEMA },
          read: async (text) => judged(sentences, kept(await readCase(text, sentences))),
        },
        context,
      );
    }
    const { steps, warnings } = await this.#ask(
      {
        prompt: ROWS_PROMPT,
        data: (withheld) => withheld.hideAll(rowsOf(told)),
        format: { name: "test_case_of_rows", schema: ROWS_SCHEMA },
        read: async (text) => judged(sentences, kept(await readRows(text, told.steps, sentences))),
      },
      context,
    );
    return { steps, warnings: [...told.warnings, ...warnings] };
  }

  async generateStep(
    step: { description: string; expectedResult: string },
    context: GenerationContext,
  ): Promise<GeneratedScript> {
    const named = urlsNamedBy(await readStepSentences(step, context.signal));
    const kept = this.#keepingTo(named, ({ commands }: GeneratedScript) => [commands]);
    const data = { description: step.description, expected_result: step.expectedResult };
    const sentences = new SentenceReader({
      own: `${step.description} ${step.expectedResult}`,
      ...{ baseUrl: named[0], signal: context.signal },
    });
    return await this.#ask(
      {
        prompt: STEP_PROMPT,
        data: (withheld) => withheld.hideAll(data),
        format: { name: "test_step", schema: STEP_SCHEMA },
        read: async (text) => judged(sentences, kept(await readStep(text, sentences))),
      },
      context,
    );
  }

  async #ask<T>(task: Task<T>, context: GenerationContext): Promise<T> {
    const reading = await this.#asker.ask(task, context);
    if (reading.ok) return reading.value;
    throw invalidTwice(reading.problems);
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
}

/** After an answer that cannot be used the next is the last: what it leaves unread is kept. */
function judged<T>(sentences: SentenceReader, reading: ReadAnswer<T>): ReadAnswer<T> {
  if (!reading.ok) sentences.keepUnread();
  return reading;
}

function invalidTwice(problems: string[]): AppError {
  const [first = "The answer holds no JSON object."] = problems;
  return new AppError(
    "ai_invalid_answer",
    `The AI server's answer held no valid test steps, also not after a retry: ${first} ` +
      `Word the description more plainly, or choose another model in OPENAI_MODEL.`,
  );
}
