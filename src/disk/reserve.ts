import { randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";

/** Enough for the verdicts of many runs, in bytes. */
export const RESERVE_BYTES = 8_000_000;

/** Size of one write, in bytes. */
const PART_BYTES = 500_000;

/**
 * A file that takes up space until there is none left. The space that it gives back then is enough to save the ends of
 * the runs under way.
 */
export class Reserve {
  readonly #file: string;
  #isThere = false;

  /** @param file beside the database: on the same disk */
  constructor(file: string) {
    this.#file = file;
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  /** @throws Error when the file cannot be written; nothing is left of it then */
  async make(): Promise<void> {
    if (this.#isThere) return;
    try {
      const file = await open(this.#file, "w", 0o600);
      try {
        // Random, for some disks take no space for zeros.
        const part = randomBytes(PART_BYTES);
        for (let written = 0; written < RESERVE_BYTES; written += PART_BYTES) await file.writeFile(part);
      } finally {
        await file.close();
      }
      this.#isThere = true;
    } catch (error) {
      await rm(this.#file, { force: true });
      throw error;
    }
  }

  /** @returns whether there was something to give back */
  async release(): Promise<boolean> {
    if (!this.#isThere) return false;
    this.#isThere = false;
    await rm(this.#file, { force: true });
    return true;
  }
}
