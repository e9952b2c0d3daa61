import { context, trace, type Context, type Span, type Tracer } from "@opentelemetry/api";
import type { NewRun } from "../execution/ports.js";
import type { RunEvent, Verdict } from "../protocol/messages.js";
import { AttemptSpans } from "./attempt-trace.js";
import { Attribute, endWith } from "./attributes.js";
import type { AttemptTrace, RunTrace } from "./ports.js";

/** The span of a run, from the moment when it is put in the queue. Its parent is whatever has started it. */
export class RunSpans implements RunTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #within: Context;
  readonly #waiting: Span;
  #verdict: Verdict = "error";

  constructor(tracer: Tracer, { id, kind, testCaseId, testStepId }: NewRun) {
    this.#tracer = tracer;
    const parent = context.active();
    const attributes = {
      [Attribute.RunId]: id,
      [Attribute.RunKind]: kind,
      ...(testCaseId !== null && { [Attribute.CaseId]: testCaseId }),
      ...(testStepId !== null && { [Attribute.StepId]: testStepId }),
    };
    this.#span = tracer.startSpan(`run ${kind}`, { attributes }, parent);
    this.#within = trace.setSpan(parent, this.#span);
    this.#waiting = tracer.startSpan("queue", {}, this.#within);
  }

  async carryOut(perform: () => Promise<void>): Promise<void> {
    this.#waiting.end();
    try {
      await context.with(this.#within, perform);
    } finally {
      endWith(this.#span, this.#verdict);
    }
  }

  attempt(number: number): AttemptTrace {
    return new AttemptSpans(this.#tracer, this.#within, number);
  }

  moved(): void {
    this.#waiting.end();
    // Its verdict, and what belongs to that, is told in a trace of the server that has it now.
    this.#span.setAttribute(Attribute.RunMoved, true);
    this.#span.end();
  }

  told(event: RunEvent): void {
    this.#verdict = verdictIn(event) ?? this.#verdict;
  }
}

/** The verdict that an event tells of its run; the one of a case's last step comes before that of the case. */
function verdictIn(event: RunEvent): Verdict | undefined {
  switch (event.type) {
    case "execution_complete":
    case "all_steps_complete":
      return event.status === "skipped" ? undefined : event.status;
    case "generation_complete":
    case "step_script_generated":
      return "passed";
    case "generation_error":
      return "error";
    default:
      return undefined;
  }
}
