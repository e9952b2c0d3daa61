/** How many commands are kept. */
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
  verdict: "passed" | "failed" | "error" | null;
  /** Why it did not pass. */
  error_message: string | null;
}

/** The last commands of a step, with when they began, how long they took and what came of them. */
export class CommandHistory {
  readonly #began = performance.now();
  readonly #records: CommandRecord[] = [];

  get records(): readonly CommandRecord[] {
    return this.#records;
  }

  begin(number: number, action: string, message: string): void {
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

  end(number: number, verdict: "passed" | "failed" | "error", errorMessage: string | null = null): void {
    const record = this.#records.find((other) => other.number === number);
    // One that failed softly has ended before the step does because of it.
    if (record?.duration_ms !== null) return;
    record.duration_ms = this.#now() - record.started_ms;
    record.verdict = verdict;
    record.error_message = errorMessage;
  }

  #now(): number {
    return Math.round(performance.now() - this.#began);
  }
}
