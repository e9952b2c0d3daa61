import { abortable } from "../async/abortable.js";

const AFTER_STEP = "Paused after one command.";

/** Told when a run is really held, and when it goes on. */
export interface GateWatcher {
  onHeld(reason: string): void;
  onReleased(): void;
  /** Called with news while the run is held. */
  onTold?(message: string): void;
}

/** Told each time that the run is held, by anybody and in any step. */
export interface GateListener {
  onHeld(): void;
  onReleased(): void;
}

/** The gate that holds a run between two commands. The run's script passes it, any client may close and open it. */
export class Gate {
  /** Set while the run is to be held. */
  #reason: string | undefined;
  /** Commands that may pass although the run is to be held. */
  #grants = 0;
  #release: () => void = () => undefined;
  readonly #listener: GateListener | undefined;
  /** The watcher that is told while the run is held. */
  #watcher: GateWatcher | undefined;

  constructor(listener?: GateListener) {
    this.#listener = listener;
  }

  /** Holds the run before its next command. */
  hold(reason: string): void {
    this.#reason ??= reason;
  }

  /** True while the run is held, or is to be before its next command. */
  get isClosed(): boolean {
    return this.#reason !== undefined;
  }

  /** Tells the watcher, if the run is held. */
  tell(message: string): void {
    this.#watcher?.onTold?.(message);
  }

  /** Lets the run go on. @returns whether it was to be held */
  resume(): boolean {
    if (this.#reason === undefined) return false;
    this.#reason = undefined;
    this.#grants = 0;
    this.#release();
    return true;
  }

  /** Lets one command pass, then holds the run again. @returns whether it was to be held */
  step(): boolean {
    if (this.#reason === undefined) return false;
    this.#grants++;
    this.#release();
    return true;
  }

  /**
   * Resolves when the run may go on.
   *
   * @param options.within whether it is held inside a command, as by `pause`; the one command that `step` lets
   * pass is the next one then
   * @throws the signal's reason once it is aborted.
   */
  async pass(
    signal: AbortSignal,
    watcher: GateWatcher,
    { within = false }: { within?: boolean } = {},
  ): Promise<void> {
    signal.throwIfAborted();
    if (this.#reason === undefined) return;
    if (this.#grants === 0) {
      this.#watcher = watcher;
      watcher.onHeld(this.#reason);
      this.#listener?.onHeld();
      await this.#released(signal).finally(() => {
        this.#watcher = undefined;
      });
      this.#listener?.onReleased();
      watcher.onReleased();
    }
    if (!within) this.#spendGrant();
  }

  #spendGrant(): void {
    if (this.#grants === 0) return;
    this.#grants--;
    this.#reason = AFTER_STEP;
  }

  #released(signal: AbortSignal): Promise<void> {
    const released = new Promise<void>((resolve) => (this.#release = resolve));
    return abortable(released, signal);
  }
}
