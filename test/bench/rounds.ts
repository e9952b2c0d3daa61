import { setTimeout as delay } from "node:timers/promises";
import { progress } from "./progress.js";

/**
 * Pause after each measured run, in milliseconds: a server then removes the run's browser context and makes
 * the next one, which takes about a third of a second and must fall into nobody's measured time.
 */
const SETTLE_MS = 1_500;

export interface SideOptions {
  /**
   * True gives it a first run that is not counted.
   * @defaultValue true
   */
  warmsUp?: boolean;
}

/** One of the things that are compared, with what was measured of it. */
export class Side<T> {
  readonly name: string;
  readonly samples: T[] = [];
  readonly #measure: (options: { counts: boolean }) => Promise<T>;
  readonly #warmsUp: boolean;

  /** @param measure runs it once; rejects when it did not pass */
  constructor(
    name: string,
    measure: (options: { counts: boolean }) => Promise<T>,
    { warmsUp = true }: SideOptions = {},
  ) {
    this.name = name;
    this.#measure = measure;
    this.#warmsUp = warmsUp;
  }

  /** @throws Error that names the side when it did not pass. */
  async run(options: { counts: boolean }): Promise<void> {
    if (!options.counts && !this.#warmsUp) return;
    try {
      const sample = await this.#measure(options);
      if (options.counts) this.samples.push(sample);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${this.name} did not pass, so there is nothing to time: ${reason}`, { cause });
    }
  }
}

/** A side as {@link interleave} needs it, whatever it measures. */
type Measurable = Pick<Side<unknown>, "run">;

/**
 * Runs every side once a round, so that whatever else the machine does hits all of them, and begins each round
 * with another side. A first round warms up and is not counted.
 */
export async function interleave(title: string, sides: readonly Measurable[], rounds: number): Promise<void> {
  for (let round = 0; round <= rounds; round++) {
    progress(`${title}: ${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}`);
    const first = round % sides.length;
    for (const side of [...sides.slice(first), ...sides.slice(0, first)]) {
      await side.run({ counts: round > 0 });
      await delay(SETTLE_MS);
    }
  }
}
