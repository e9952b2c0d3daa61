import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { abortable } from "../async/abortable.js";
import { Rest } from "../async/rest.js";
import { DatabaseUnavailableError } from "../protocol/errors.js";
import type { RunEvent, RunEventBody } from "../protocol/messages.js";
import { Mask } from "./masking.js";
import {
  LeaseLostError,
  type EventBatch,
  type ExecutionStore,
  type RunResult,
  type StepResult,
} from "./ports.js";

/**
 * Least time between the beginnings of two batches, in milliseconds. A batch keeps the event loop for about as
 * long however many events it has, and nobody sees an event ten milliseconds earlier or later.
 */
const BATCH_INTERVAL_MS = 10;

/**
 * Saving takes at most one part in this many of the time where the database is embedded: that keeps the event loop,
 * runners included, for as long as the disk takes. A server of its own keeps nobody.
 */
const SAVE_SHARE = 4;

/** The same as {@link BATCH_INTERVAL_MS} where the disk is slow: nobody waits longer for an event because of it. */
const LONGEST_INTERVAL_MS = 100;

/** Events that may wait to be saved, and bytes of their pictures, before runs have to wait too. */
const MOST_UNSAVED = 2_000;
const MOST_UNSAVED_BYTES = 64 * 1024 * 1024;

/** Pauses between attempts to save a batch, in milliseconds. */
const RETRY_PAUSES_MS = [50, 250, 1_000];

/**
 * Called with each event of a run once it is durable, in order.
 *
 * @param image the picture of a `screenshot` event, which the stored event names by its URL only
 */
export type RunListener = (event: RunEvent, image?: Uint8Array) => void;

/** The enclosures of an event. */
interface Enclosed {
  /** The picture of a `screenshot` event. */
  image?: Uint8Array;
  /** The verdicts that the event announces; saved with it, or not at all. */
  step?: StepResult;
  run?: RunResult;
}

interface Entry extends Enclosed {
  event: RunEvent;
  log: RunLog;
}

/**
 * The one source of run events. An event is numbered when it is appended, saved, and only then published, so
 * that nobody ever sees an event that could be lost. Events that come soon after each other are saved together; the
 * first after a pause waits for nothing, and neither does the verdict of a run.
 */
export class EventLog {
  readonly #store: ExecutionStore;
  readonly #log: Logger;
  readonly #lossOf: (runId: string) => Error | undefined;
  #pending: Entry[] = [];
  #writing: Promise<void> | undefined;
  #nextBatchAt = 0;
  #unsaved = 0;
  #unsavedBytes = 0;
  /** Runs that wait until others' events are saved. */
  #waiting: (() => void)[] = [];
  /** Before a batch. */
  readonly #rest = new Rest();

  /** @param options.lossOf why nothing more may be written about a run, if so; asked before each batch */
  constructor(options: {
    store: ExecutionStore;
    log: Logger;
    lossOf?: ((runId: string) => Error | undefined) | undefined;
  }) {
    this.#store = options.store;
    this.#log = options.log;
    this.#lossOf = options.lossOf ?? (() => undefined);
  }

  /** @param lastSeq number of the last event that the run has already; 0 for a new run */
  open(run: { id: string; requestId: string | null; lastSeq?: number }): RunLog {
    return new RunLog(run, {
      add: (entry) => {
        this.#pending.push(entry);
        this.#count(entry, 1);
        if (entry.run) this.#rest.end();
        return (this.#writing ??= this.#write());
      },
      isFull: () => this.#isFull,
      whenSaved: () => new Promise((resolve) => this.#waiting.push(resolve)),
    });
  }

  get #isFull(): boolean {
    return this.#unsaved >= MOST_UNSAVED || this.#unsavedBytes >= MOST_UNSAVED_BYTES;
  }

  #count({ image }: Entry, sign: 1 | -1): void {
    this.#unsaved += sign;
    this.#unsavedBytes += sign * (image?.byteLength ?? 0);
  }

  async #write(): Promise<void> {
    // Events that are appended in the same turn of the event loop belong in the same batch.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      await this.#gather();
      const taken = this.#pending;
      this.#pending = [];
      for (const log of new Set(taken.map((entry) => entry.log))) {
        const loss = this.#lossOf(log.runId);
        if (loss !== undefined) log.fail(loss);
      }
      // After events that were lost, later ones of the same run would leave a gap.
      await this.#saveOrFail(taken.filter(({ log }) => !log.failed.aborted));
      for (const entry of taken) this.#count(entry, -1);
      for (const goOn of this.#waiting.splice(0)) goOn();
    }
    // This happens in the turn in which nothing was pending, or an event appended meanwhile would wait for ever.
    this.#writing = undefined;
  }

  async #saveOrFail(batch: Entry[]): Promise<void> {
    const runs = new Set(batch.map(({ log }) => log));
    if (runs.size === 0) return;
    const failure = await this.#saveAndPublish(batch);
    if (failure === undefined) return;
    // One run may be at fault, such as one whose case was just deleted; the others must not suffer for it.
    for (const run of runs) {
      const own = batch.filter(({ log }) => log === run);
      const reason = runs.size > 1 ? await this.#saveAndPublish(own) : failure;
      if (reason !== undefined) run.fail(reason);
    }
  }

  /** Lets more events come, unless the last batch was long ago or one of them is a verdict. */
  async #gather(): Promise<void> {
    const wait = this.#nextBatchAt - performance.now();
    if (wait <= 0 || this.#pending.some(({ run }) => run)) return;
    await this.#rest.take(wait);
  }

  /** @returns the error that kept the entries from being saved, if one did */
  async #saveAndPublish(entries: Entry[]): Promise<Error | undefined> {
    try {
      await this.#save(toBatch(entries));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    for (const entry of entries) this.#publish(entry);
    return undefined;
  }

  async #save(batch: EventBatch): Promise<void> {
    const begunAt = performance.now();
    try {
      await this.#append(batch);
    } finally {
      const wantedMs = (this.#store.isSole ? SAVE_SHARE : 1) * (performance.now() - begunAt);
      const intervalMs = Math.min(Math.max(wantedMs, BATCH_INTERVAL_MS), LONGEST_INTERVAL_MS);
      this.#nextBatchAt = begunAt + intervalMs;
    }
  }

  async #append(batch: EventBatch): Promise<void> {
    for (const pause of RETRY_PAUSES_MS) {
      try {
        await this.#store.append(batch);
        return;
      } catch (error) {
        // The store has tried for as long as makes sense already, or the write was refused for good.
        if (error instanceof DatabaseUnavailableError || error instanceof LeaseLostError) throw error;
        this.#log.warn(
          { err: error, events: batch.events.length },
          "run events could not be saved, trying again",
        );
        await delay(pause);
      }
    }
    await this.#store.append(batch);
  }

  #publish({ event, image, log }: Entry): void {
    for (const listener of log.listeners) {
      try {
        listener(event, image);
      } catch (error) {
        // One broken consumer must not keep an event from the others, or end the run.
        this.#log.error({ err: error, runId: event.run_id }, "a listener of run events failed");
      }
    }
  }
}

function toBatch(entries: Entry[]): EventBatch {
  return {
    events: entries.map(({ event }) => event),
    steps: entries.flatMap(({ step }) => step ?? []),
    runs: entries.flatMap(({ run }) => run ?? []),
  };
}

/** The log that the events of a run go to. */
interface Destination {
  add: (entry: Entry) => Promise<void>;
  isFull: () => boolean;
  /** Resolves when the next batch is saved. */
  whenSaved: () => Promise<void>;
}

/** The events of one run, as its runner writes them. */
export class RunLog {
  readonly listeners = new Set<RunListener>();
  /** Takes the secrets out of every event and verdict before it is stored. */
  readonly mask = new Mask();
  /** True once the event that announces the run's verdict has been appended. */
  isOver = false;
  readonly #run: { id: string; requestId: string | null };
  readonly #destination: Destination;
  readonly #failed = new AbortController();
  #seq: number;
  #written: Promise<void> = Promise.resolve();

  constructor(run: { id: string; requestId: string | null; lastSeq?: number }, destination: Destination) {
    this.#run = run;
    this.#seq = run.lastSeq ?? 0;
    this.#destination = destination;
  }

  get runId(): string {
    return this.#run.id;
  }

  /** Aborted when events of this run could not be saved; nothing is published after that. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Stamps an event with its run, number and time and puts it in line to be saved. */
  append(body: RunEventBody, enclosed: Enclosed = {}): void {
    if (this.#failed.signal.aborted) return;
    if (enclosed.run) this.isOver = true;
    const event: RunEvent = {
      ...this.mask.event(body),
      run_id: this.#run.id,
      seq: ++this.#seq,
      ts: new Date().toISOString(),
      ...(this.#run.requestId !== null && { request_id: this.#run.requestId }),
    };
    this.#written = this.#destination.add({
      event,
      log: this,
      ...(enclosed.image && { image: enclosed.image }),
      ...(enclosed.step && { step: this.mask.result(enclosed.step) }),
      ...(enclosed.run && { run: this.mask.result(enclosed.run) }),
    });
  }

  /** True while so many events wait to be saved that the run has to wait for {@link room}. */
  get isFull(): boolean {
    return this.#destination.isFull();
  }

  /**
   * Resolves when there is room for more events.
   *
   * @throws the signal's reason once it is aborted.
   */
  async room(signal: AbortSignal): Promise<void> {
    while (this.isFull) await abortable(this.#destination.whenSaved(), signal);
  }

  /**
   * Resolves once everything appended so far is durable and published.
   *
   * @throws the database's error when it could not be saved.
   */
  async flush(): Promise<void> {
    await this.#written;
    this.#failed.signal.throwIfAborted();
  }

  fail(error: Error): void {
    this.#failed.abort(error);
  }
}
