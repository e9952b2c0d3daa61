import { SpanStatusCode, type Span } from "@opentelemetry/api";
import type { Verdict } from "../protocol/messages.js";

/**
 * Attributes of spans. Those of HTTP and of language models are OpenTelemetry's own
 * (https://opentelemetry.io/docs/specs/semconv/); their values are numbers, ids, and words of the protocol.
 */
export const Attribute = {
  RunId: "stepwire.run.id",
  RunKind: "stepwire.run.kind",
  RunMoved: "stepwire.run.moved",
  CaseId: "stepwire.test_case.id",
  StepId: "stepwire.step.id",
  StepNumber: "stepwire.step.number",
  Attempt: "stepwire.attempt",
  CommandNumber: "stepwire.command.number",
  Action: "stepwire.command.action",
  Verdict: "stepwire.verdict",
  MessageType: "stepwire.message.type",
  ErrorCode: "error.type",
  HttpMethod: "http.request.method",
  HttpRoute: "http.route",
  HttpStatus: "http.response.status_code",
  AiOperation: "gen_ai.operation.name",
  AiModel: "gen_ai.request.model",
  AiInputTokens: "gen_ai.usage.input_tokens",
  AiOutputTokens: "gen_ai.usage.output_tokens",
} as const;

/** Ends a span with a verdict. Its message stays out of it, because it may quote the page. */
export function endWith(span: Span, verdict: Verdict): void {
  span.setAttribute(Attribute.Verdict, verdict);
  if (verdict !== "passed") span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
