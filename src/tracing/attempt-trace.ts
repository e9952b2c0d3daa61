import { trace, type Context, type Span, type Tracer } from "@opentelemetry/api";
import type { CommandEnding, StepEnding } from "../execution/observers/observer.js";
import type { StepRecord } from "../execution/ports.js";
import type { Command } from "../protocol/commands.js";
import type { ArtifactReference, Verdict } from "../protocol/messages.js";
import { Attribute, endWith } from "./attributes.js";
import type { AttemptTrace } from "./ports.js";

interface Open {
  span: Span;
  /** The context of what belongs to it. */
  within: Context;
}

/** The spans of an attempt, its steps and their commands. */
export class AttemptSpans implements AttemptTrace {
  readonly #tracer: Tracer;
  readonly #attempt: Open;
  #step: Open | undefined;
  #command: Span | undefined;

  constructor(tracer: Tracer, run: Context, number: number) {
    this.#tracer = tracer;
    this.#attempt = this.#open("attempt", run, { [Attribute.Attempt]: number });
  }

  sessionAcquired(): void {
    this.#attempt.span.addEvent("browser session acquired");
  }

  stepBegun({ id, stepNumber, testCaseId }: StepRecord): void {
    this.#endStep();
    this.#step = this.#open("step", this.#attempt.within, {
      [Attribute.StepId]: id,
      [Attribute.StepNumber]: stepNumber,
      [Attribute.CaseId]: testCaseId,
    });
  }

  commandBegun(number: number, { action }: Command): void {
    const attributes = { [Attribute.CommandNumber]: number, [Attribute.Action]: action };
    const within = this.#step?.within ?? this.#attempt.within;
    this.#command = this.#tracer.startSpan(`command ${action}`, { attributes }, within);
  }

  commandEnded(_number: number, { verdict }: CommandEnding): void {
    if (this.#command !== undefined) endWith(this.#command, verdict);
    this.#command = undefined;
  }

  stepEnded({ verdict }: StepEnding): Promise<readonly ArtifactReference[]> {
    if (this.#step !== undefined) endWith(this.#step.span, verdict);
    this.#step = undefined;
    return Promise.resolve([]);
  }

  attemptEnded(verdict: Verdict): Promise<readonly ArtifactReference[]> {
    endWith(this.#attempt.span, verdict);
    return Promise.resolve([]);
  }

  /** Ends what is still open; spans that have ended are left as they are. */
  close(): Promise<void> {
    this.#endStep();
    this.#attempt.span.end();
    return Promise.resolve();
  }

  #endStep(): void {
    this.#command?.end();
    this.#step?.span.end();
    this.#command = this.#step = undefined;
  }

  #open(name: string, parent: Context, attributes: Record<string, string | number>): Open {
    const span = this.#tracer.startSpan(name, { attributes }, parent);
    return { span, within: trace.setSpan(parent, span) };
  }
}
