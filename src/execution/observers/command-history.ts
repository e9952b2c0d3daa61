import type { Command } from "../../protocol/commands.js";
import type { ArtifactReference, Verdict } from "../../protocol/messages.js";
import type { StepRecord } from "../ports.js";
import type { RunScope } from "../run-scope.js";
import type { ArtifactKeeper } from "./artifact-keeper.js";
import type { CommandEnding, Observer, StepEnding } from "./observer.js";

/** Commands that are kept. */
const LENGTH = 20;

/** A command of a step as the `commands` artifact tells of it. */
interface CommandRecord {
  number: number;
  action: string;
  message: string;
  /** Milliseconds from the beginning of the step. */
  started_ms: number;
  /** `null` for a command that was still under way. */
  duration_ms: number | null;
  verdict: Verdict | null;
  /** The reason that it did not pass. */
  error_message: string | null;
}

/**
 * The last commands of a step, with when they began, how long they took and what came of them: kept where the step does
 * not pass.
 */
export class CommandHistory implements Observer {
  readonly #scope: Pick<RunScope, "runLog">;
  readonly #keeper: ArtifactKeeper;
  #stepId = 0;
  #begunAt = 0;
  #records: CommandRecord[] = [];

  constructor({ scope, keeper }: { scope: Pick<RunScope, "runLog">; keeper: ArtifactKeeper }) {
    this.#scope = scope;
    this.#keeper = keeper;
  }

  stepBegun({ id }: StepRecord): void {
    this.#stepId = id;
    this.#begunAt = performance.now();
    this.#records = [];
  }

  commandBegun(number: number, { action }: Command, message: string): void {
    this.#records.push({
      number,
      action,
      message,
      started_ms: this.#now(),
      duration_ms: null,
      verdict: null,
      error_message: null,
    });
    if (this.#records.length > LENGTH) this.#records.shift();
  }

  commandEnded(number: number, { verdict, errorMessage }: CommandEnding): void {
    const record = this.#records.find((other) => other.number === number);
    if (record === undefined) return;
    record.duration_ms = this.#now() - record.started_ms;
    record.verdict = verdict;
    record.error_message = errorMessage;
  }

  async stepEnded({ wantsEvidence }: StepEnding): Promise<ArtifactReference[]> {
    if (!wantsEvidence) return [];
    const { mask } = this.#scope.runLog;
    const place = { stepId: this.#stepId, kind: "commands" } as const;
    const url = await this.#keeper.saveJson(place, () => mask.all(this.#records));
    return url === undefined ? [] : [{ kind: "commands", url }];
  }

  #now(): number {
    return Math.round(performance.now() - this.#begunAt);
  }
}
