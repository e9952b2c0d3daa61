import type { PointerAction } from "../../runner/ports.js";
import { keysToHold, type HeldKey } from "../modifiers.js";
import { holdSource } from "./input.js";

/** The keys that are held while the pointer acts, which the driver keeps down until it is told otherwise. */
export class HeldKeys {
  readonly #send: (source: object, signal: AbortSignal) => Promise<void>;
  readonly #isMac: boolean;
  #held: readonly HeldKey[] = [];
  #isOverdue = false;

  /** @param send performs one source of input */
  constructor(send: (source: object, signal: AbortSignal) => Promise<void>, { isMac }: { isMac: boolean }) {
    this.#send = send;
    this.#isMac = isMac;
  }

  get held(): readonly HeldKey[] {
    return this.#held;
  }

  async act(action: Extract<PointerAction, { keys: unknown }>, signal: AbortSignal): Promise<void> {
    if (action.type === "release") {
      await this.#release(signal);
      return;
    }
    this.#held = keysToHold(action.keys, this.#isMac);
    await this.#send(holdSource(this.#held, "hold"), signal);
  }

  /** They could not be let go of when they were to be, as behind a dialog; the next input begins with that. */
  miss(): void {
    this.#isOverdue = true;
  }

  async letGo(signal: AbortSignal): Promise<void> {
    if (this.#isOverdue) await this.#release(signal);
  }

  async #release(signal: AbortSignal): Promise<void> {
    const held = this.#held;
    this.#isOverdue = false;
    if (held.length === 0) return;
    await this.#send(holdSource(held, "release"), signal);
    this.#held = [];
  }
}
