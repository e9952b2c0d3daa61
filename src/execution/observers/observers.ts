import type { Logger } from "pino";
import type { Command } from "../../protocol/commands.js";
import type { ArtifactReference, Verdict } from "../../protocol/messages.js";
import type { ScriptArtifact } from "../../runner/ports.js";
import type { StepRecord } from "../ports.js";
import type { CommandEnding, Observer, StepEnding } from "./observer.js";

/** Every observer of an attempt as one. They are told in their order, and asked for what they keep all at once. */
export class Observers implements Required<Observer> {
  readonly #observers: readonly Observer[];
  readonly #log: Logger;

  constructor(observers: readonly Observer[], log: Logger) {
    this.#observers = observers;
    this.#log = log;
  }

  stepBegun(step: StepRecord): void {
    this.#tell((observer) => observer.stepBegun?.(step));
  }

  commandBegun(number: number, command: Command, message: string): void {
    this.#tell((observer) => observer.commandBegun?.(number, command, message));
  }

  commandEnded(number: number, ending: CommandEnding): void {
    this.#tell((observer) => observer.commandEnded?.(number, ending));
  }

  artifactMade(number: number, artifact: ScriptArtifact): void {
    this.#tell((observer) => observer.artifactMade?.(number, artifact));
  }

  async settle(): Promise<void> {
    await this.#ask((observer) => observer.settle?.());
  }

  scriptEnded(ending: StepEnding): void {
    this.#tell((observer) => observer.scriptEnded?.(ending));
  }

  async stepEnded(ending: StepEnding): Promise<readonly ArtifactReference[]> {
    const kept = await this.#ask((observer) => observer.stepEnded?.(ending));
    return kept.flatMap((artifacts) => artifacts ?? []);
  }

  async attemptEnded(verdict: Verdict): Promise<readonly ArtifactReference[]> {
    const kept = await this.#ask((observer) => observer.attemptEnded?.(verdict));
    return kept.flatMap((artifacts) => artifacts ?? []);
  }

  async close(): Promise<void> {
    await this.#ask((observer) => observer.close?.());
  }

  #tell(event: (observer: Observer) => void): void {
    for (const observer of this.#observers) {
      try {
        event(observer);
      } catch (error) {
        this.#complain(error);
      }
    }
  }

  #ask<T>(question: (observer: Observer) => Promise<T> | undefined): Promise<(T | undefined)[]> {
    const answers = this.#observers.map(async (observer) => {
      try {
        return await question(observer);
      } catch (error) {
        this.#complain(error);
        return undefined;
      }
    });
    return Promise.all(answers);
  }

  #complain(error: unknown): void {
    this.#log.error({ err: error }, "an observer of a run failed");
  }
}
