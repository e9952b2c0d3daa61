import type { Observer } from "../execution/observers/observer.js";
import type { NewRun } from "../execution/ports.js";
import type { LanguageModel } from "../generation/openai/language-model.js";
import type { RunEvent } from "../protocol/messages.js";

/** Follows one attempt at a run: its steps and commands as an observer, until it is closed. */
export interface AttemptTrace extends Observer {
  /** A browser session is there. */
  sessionAcquired(): void;
  close(): Promise<void>;
}

/** Follows one run, from the queue to its verdict. */
export interface RunTrace {
  /** Performs the run. Everything that happens meanwhile belongs to its trace. */
  carryOut(perform: () => Promise<void>): Promise<void>;
  attempt(number: number): AttemptTrace;
  /** The run waited here, and another server carries it out. */
  moved(): void;
  /** Takes an event of the run once it is stored, for the verdict. */
  told(event: RunEvent): void;
}

/** A request over HTTP, without anything in it that a client may have called what it likes. */
export interface TracedRequest {
  method: string;
  /** The route as it was declared, such as `/api/runs/:id`. */
  route: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface RequestTrace {
  /** Goes on with the request: whatever that begins belongs to its trace. */
  within(goOn: () => void): void;
  end(status: number): void;
}

/**
 * Follows what the server does, for whoever collects traces (https://opentelemetry.io/docs/concepts/signals/traces/).
 * Nothing of what it does depends on that. No text of a person, a page, a model or a file goes into a trace, and no value.
 */
export interface Traces {
  /** @param run one that is being put in the queue, by the request or message that is being handled */
  run(run: NewRun): RunTrace;
  /** Handles a message of a client. @param type one of the protocol's */
  message<T>(type: string, handle: () => Promise<T>): Promise<T>;
  request(request: TracedRequest): RequestTrace;
  /** @returns a model that does what the given one does. @param name the configured one, such as `gpt-4o-mini` */
  model(model: LanguageModel, name: string): LanguageModel;
}

const UNTRACED_ATTEMPT: AttemptTrace = {
  sessionAcquired: () => undefined,
  close: () => Promise.resolve(),
};

const UNTRACED_RUN: RunTrace = {
  carryOut: (perform) => perform(),
  attempt: () => UNTRACED_ATTEMPT,
  moved: () => undefined,
  told: () => undefined,
};

/** Follows nothing. */
export const UNTRACED: Traces = {
  run: () => UNTRACED_RUN,
  message: (_type, handle) => handle(),
  request: () => ({
    within: (goOn) => {
      goOn();
    },
    end: () => undefined,
  }),
  model: (model) => model,
};
