import { context, SpanKind, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import type { LanguageModel, Question } from "../generation/openai/language-model.js";
import { asAppError } from "../protocol/errors.js";
import { Attribute } from "./attributes.js";

/** Asks another model, in a span of its own that tells the model, the tokens and the time: no word of either side. */
export class TracedModel implements LanguageModel {
  readonly #tracer: Tracer;
  readonly #model: LanguageModel;
  readonly #name: string;

  constructor(tracer: Tracer, model: LanguageModel, name: string) {
    this.#tracer = tracer;
    this.#model = model;
    this.#name = name;
  }

  async ask(question: Question): Promise<string> {
    const attributes = { [Attribute.AiOperation]: "chat", [Attribute.AiModel]: this.#name };
    const span = this.#tracer.startSpan(`chat ${this.#name}`, { kind: SpanKind.CLIENT, attributes });
    try {
      return await context.with(trace.setSpan(context.active(), span), () =>
        this.#model.ask({
          ...question,
          onUsage: (usage) => {
            span.setAttributes({
              [Attribute.AiInputTokens]: usage.input,
              [Attribute.AiOutputTokens]: usage.output,
            });
            question.onUsage?.(usage);
          },
        }),
      );
    } catch (error) {
      span.setAttribute(Attribute.ErrorCode, asAppError(error)?.code ?? "interrupted");
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}
