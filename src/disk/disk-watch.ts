import { statfs } from "node:fs/promises";
import type { Logger } from "pino";
import { AppError } from "../protocol/errors.js";
import { atMost } from "../async/at-most.js";
import type { DiskRelief } from "./ports.js";
import { RESERVE_BYTES, type Reserve } from "./reserve.js";

/** Time between two looks, in milliseconds. A look takes a fraction of one. */
const LOOK_INTERVAL_MS = 1_000;

/** Longest time that a look may take, in milliseconds: a network's disk may never answer. */
const LOOK_TIMEOUT_MS = 2_000;

/** Below this part of what should be free, runs under way are ended while their verdicts can still be saved. */
const CRITICAL_SHARE = 0.25;

const MB = 1_000_000;

/** A folder that has to have space. */
export interface Place {
  /** Its use, in words. */
  name: string;
  folder: string;
}

export interface DiskWatchOptions {
  places: readonly Place[];
  /** Bytes that have to be free in each place. */
  minFreeBytes: number;
  reserve: Pick<Reserve, "make" | "release" | "isThere">;
  /** Bytes that are free where a folder is. @defaultValue as the system tells */
  freeBytes?: (folder: string) => Promise<number>;
  log: Logger;
}

/** Free space of the place that has least. */
interface Look {
  place: string;
  free: number;
}

/**
 * Watches how much of the disks is free. Before nothing is left, no more runs begin, then those under way are ended;
 * should something else fill the disk at once, the reserve beside the database is for their verdicts.
 */
export class DiskWatch implements DiskRelief {
  /** Called when there is so little left that runs under way have to end. */
  onShortage: (reason: Error) => void = () => undefined;
  readonly #options: DiskWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  /** True when a write has failed for want of space, and no look has found any since. */
  #isFull = false;
  #wasLow = false;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** Looks at once and then every second. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_INTERVAL_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#underWay;
    await this.#options.reserve.release();
  }

  /** @throws AppError `disk_full` when there is too little space to begin anything */
  async requireSpace(): Promise<void> {
    const look = await this.#leastFree();
    if (!this.#isLow(look)) this.#isFull = false;
    else throw new AppError("disk_full", this.#describe(look));
  }

  async relieve(): Promise<boolean> {
    const released = await this.#options.reserve.release();
    if (!this.#isFull) this.#options.log.error({ released }, "the disk is full");
    this.#isFull = true;
    this.onShortage(new Error("The server's disk is full."));
    return released;
  }

  /** One look after the other: a disk that is slow to tell is not asked again meanwhile. */
  #look(): void {
    this.#underWay = this.#underWay
      .then(() => this.#lookOnce())
      .catch((error: unknown) => {
        this.#options.log.warn({ err: error }, "nobody can tell how much of the disk is free");
      });
  }

  async #lookOnce(): Promise<void> {
    const look = await this.#leastFree();
    const isLow = this.#isLow(look);
    this.#tell(look, isLow);
    if (!isLow) {
      this.#isFull = false;
      const { reserve } = this.#options;
      if (!reserve.isThere && look.free > this.#floor + RESERVE_BYTES) await reserve.make();
    } else if (look.free < this.#floor * CRITICAL_SHARE) {
      this.onShortage(new Error(this.#describe(look)));
    }
  }

  #tell({ place, free }: Look, isLow: boolean): void {
    if (isLow === this.#wasLow) return;
    this.#wasLow = isLow;
    const { log } = this.#options;
    const figures = { place, freeMb: toMb(free), minFreeMb: toMb(this.#floor) };
    if (isLow) log.warn(figures, "the disk is nearly full: no more runs are started");
    else log.info(figures, "there is space on the disk again");
  }

  /** After a full disk, as much has to be free as the reserve takes, whatever else is asked for. */
  get #floor(): number {
    return Math.max(this.#options.minFreeBytes, this.#isFull ? 2 * RESERVE_BYTES : 0);
  }

  #isLow({ free }: Look): boolean {
    return free < this.#floor;
  }

  #describe({ place, free }: Look): string {
    const floor = this.#floor;
    const why = floor === this.#options.minFreeBytes ? "DISK_MIN_FREE" : "after it was full";
    return `The server's disk is nearly full: ${toMb(free)} MB are free for ${place}, and ${toMb(floor)} MB have to be (${why}). Nothing is started before there is more space.`;
  }

  async #leastFree(): Promise<Look> {
    const looks = await Promise.all(this.#options.places.map((place) => this.#lookAt(place)));
    return looks.reduce((least, look) => (look.free < least.free ? look : least));
  }

  async #lookAt({ name, folder }: Place): Promise<Look> {
    const { freeBytes = freeBytesOf } = this.#options;
    try {
      return { place: name, free: await freeBytes(folder) };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("disk_full", `Nobody can tell how much is free for ${name}: ${reason}`, { cause });
    }
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const space = await atMost(LOOK_TIMEOUT_MS, statfs(folder));
  if (space === undefined) throw new Error(`${folder} did not answer within ${LOOK_TIMEOUT_MS} ms.`);
  return space.bavail * space.bsize;
}

function toMb(bytes: number): number {
  return Math.floor(bytes / MB);
}
