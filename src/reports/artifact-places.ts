import type { RunEvent } from "../protocol/messages.js";

/** The moment of a run at which an artifact was kept. */
export interface ArtifactPlace {
  /** Null in a generation, whose steps are not saved yet. */
  stepId: number | null;
  attempt: number;
  /** Undefined for the video of a run, and where no command had begun. */
  command: { number: number; action: string; message: string } | undefined;
}

type Command = NonNullable<ArtifactPlace["command"]>;

/** Finds the step and command that each artifact of a run was kept after, in the run's events. */
export class ArtifactPlaces {
  readonly #places = new Map<string, ArtifactPlace>();
  /** The commands of the attempt under way, by the ids of their steps. */
  readonly #commands = new Map<number, Command[]>();
  #attempt = 1;

  /** @param url the path that serves the artifact */
  of(url: string): ArtifactPlace | undefined {
    return this.#places.get(url);
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case "progress":
        this.#begin(event.step_id, event);
        break;
      case "screenshot":
      case "artifact":
        this.#place(event.url, event.step_id, this.#commandOf(event));
        break;
      case "attempt_failed":
        this.#placeEvidence(event);
        this.#commands.clear();
        this.#attempt = event.attempt + 1;
        break;
      case "execution_complete":
        this.#placeEvidence(event);
        break;
      default:
    }
  }

  #begin(
    stepId: number,
    { step: number, action, message }: { step: number; action: string; message: string },
  ) {
    // "Initializing browser..." belongs to no command.
    if (number === 0) return;
    const begun = this.#commands.get(stepId) ?? [];
    begun.push({ number, action, message });
    this.#commands.set(stepId, begun);
  }

  #commandOf({ step_id: stepId, step }: { step_id: number; step: number }): Command | undefined {
    return this.#commands.get(stepId)?.findLast(({ number }) => number === step);
  }

  /** Evidence that no event of its own has told of was kept when the step ended. */
  #placeEvidence({ step_id: stepId, artifacts }: { step_id: number; artifacts: readonly { url: string }[] }) {
    const last = this.#commands.get(stepId)?.at(-1);
    for (const { url } of artifacts) if (!this.#places.has(url)) this.#place(url, stepId, last);
  }

  #place(url: string, stepId: number, command: Command | undefined): void {
    this.#places.set(url, { stepId, attempt: this.#attempt, command });
  }
}
