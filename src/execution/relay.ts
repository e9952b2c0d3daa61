import type { RunEvent } from "../protocol/messages.js";
import { Alarm } from "../wakes/alarm.js";
import { eventsOf, type Wakes } from "../wakes/ports.js";
import type { LiveRun } from "./live-run.js";
import type { RunKind } from "./ports.js";

/** Stored events read at once. */
export const PAGE = 100;

/**
 * Time after which a run is looked at although nobody has been woken, in milliseconds: a wake may get lost, and the verdict
 * of a run whose step was deleted is no event.
 */
const POLL_MS = 2_000;

/** Reads stored runs and events. */
export interface EventReader {
  findRun(id: string): Promise<StoredEnd | undefined>;
  /** The first `limit` events with a number above `afterSeq`, in order. */
  findEvents(runId: string, range: { afterSeq: number; limit: number }): Promise<RunEvent[]>;
}

/** The part of a stored run that tells how it stands. */
export interface StoredEnd {
  kind: RunKind;
  /** Null while it has no verdict. */
  finishedAt: Date | null;
}

/**
 * Reads the picture of an event.
 *
 * @param url as the event names it
 * @returns nothing when it cannot be had
 */
export type ReadPicture = (url: string) => Promise<Uint8Array | undefined>;

export interface RelayOptions {
  runId: string;
  /** Number of the last event that has been read. */
  afterSeq: number;
  reader: EventReader;
  wakes: Wakes;
  readPicture: ReadPicture;
}

/** Reads the events of a run that another server carries out, once for all who watch it here, as they are stored. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #alarm: Alarm;
  #seq: number;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#seq = options.afterSeq;
    this.#alarm = new Alarm(options.wakes, eventsOf(options.runId));
  }

  /** Looks at once, such as at the question whether anybody still follows the run. */
  ring(): void {
    this.#alarm.ring();
  }

  /** Resolves when the run is over, or nobody follows it any more. Never rejects: those who follow get the error. */
  async carryOn(live: LiveRun): Promise<void> {
    try {
      while (!live.hasEnded) {
        if (!live.isFollowed) {
          live.close("moved");
          return;
        }
        if (!(await this.#readTo(live)) && (await this.#isOver()) && !(await this.#readTo(live))) {
          live.close("over");
          return;
        }
        // It is rung when the live run ends.
        await this.#alarm.wait(POLL_MS);
      }
    } catch (error) {
      live.fail(error);
    } finally {
      this.#alarm.stop();
    }
  }

  /** @returns whether there were events */
  async #readTo(live: LiveRun): Promise<boolean> {
    const { reader, runId, readPicture } = this.#options;
    const before = this.#seq;
    for (let count = PAGE; count === PAGE && live.isFollowed && !live.hasEnded;) {
      const events = await reader.findEvents(runId, { afterSeq: this.#seq, limit: PAGE });
      const pictures = events.map((event) =>
        live.isPictureWanted ? pictureOf(event, readPicture) : undefined,
      );
      for (const [index, event] of events.entries()) {
        live.publish(event, await pictures[index]);
        this.#seq = event.seq;
      }
      count = events.length;
    }
    return this.#seq > before;
  }

  /** A run that was deleted is over too. */
  async #isOver(): Promise<boolean> {
    const run = await this.#options.reader.findRun(this.#options.runId);
    return run?.finishedAt !== null;
  }
}

/** Reads the picture that an event names, if it does. Never rejects: an event without its picture still has the address. */
export async function pictureOf(event: RunEvent, readPicture: ReadPicture): Promise<Uint8Array | undefined> {
  if (!("image" in event) || !("url" in event) || typeof event.url !== "string") return undefined;
  return await readPicture(event.url).catch(() => undefined);
}
