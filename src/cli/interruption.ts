/** 128 and the signal's number, as shells tell that a signal has ended a command. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

/** The wish of a person, or of a CI system, to end early: what is under way ends in order, and is reported. */
export class Interruption {
  readonly #controller = new AbortController();
  /** The command's, once there is such a wish. */
  exitCode: number | undefined;

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, this.#interrupt);
  }

  readonly #interrupt = (signal: "SIGINT" | "SIGTERM"): void => {
    // A person who interrupts twice does not want to wait, though the temporary folder stays behind.
    if (this.exitCode !== undefined) process.exit(this.exitCode);
    this.exitCode = INTERRUPTED[signal];
    this.#controller.abort(new Error("Interrupted"));
  };
}
