import { Rest } from "../async/rest.js";
import type { RunEvent } from "../protocol/messages.js";
import type { FeedEnd, FeedEvent, FeedWatcher, RunKind } from "./ports.js";

/** Events that a live run remembers for those who come late. */
const REMEMBERED = 256;

/** Watchers that are served before the event loop has another turn, so that a run goes on beside its audience. */
const SLICE = 64;

/**
 * The run gets a rest after a round that served everybody and took longer than `LONG_ROUND_MS`: its time multiplied,
 * up to a limit. Handing over five events costs hardly more than one, so a large audience gets them together, and the
 * run has the time in between.
 */
const LONG_ROUND_MS = 5;
const REST_SHARE = 2;
const LONGEST_REST_MS = 50;

/** The events with a picture: in its `image`, or at its `url`. */
const PICTURED: ReadonlySet<RunEvent["type"]> = new Set(["screenshot", "generation_progress"]);

/** An event as JSON, put into text at most once with its picture and once without. */
export class SharedEvent implements FeedEvent {
  readonly #event: RunEvent;
  #picture: Uint8Array | undefined;
  #plain: Uint8Array | undefined;
  #withPicture: Uint8Array | undefined;

  constructor(event: RunEvent, picture?: Uint8Array) {
    this.#event = event;
    this.#picture = PICTURED.has(event.type) ? picture : undefined;
  }

  get seq(): number {
    return this.#event.seq;
  }

  get type(): RunEvent["type"] {
    return this.#event.type;
  }

  get hasPicture(): boolean {
    return this.#picture !== undefined;
  }

  json(picture: boolean): Uint8Array {
    if (!picture || this.#picture === undefined) return (this.#plain ??= toJson(this.#event));
    const image = Buffer.from(this.#picture.buffer, this.#picture.byteOffset, this.#picture.byteLength);
    return (this.#withPicture ??= toJson({ ...this.#event, image: image.toString("base64") } as RunEvent));
  }

  /** Lets go of the picture; its URL stays. */
  dropPicture(): void {
    this.#picture = undefined;
    this.#withPicture = undefined;
  }
}

function toJson(event: RunEvent): Uint8Array {
  return Buffer.from(JSON.stringify(event));
}

/** The end of a live run: as of a feed, or the run's events come from elsewhere from now on. */
export type LiveEnd = FeedEnd | "moved";

/** The place at which the following of a live run has ended. */
export interface Followed {
  end: LiveEnd;
  /** Number of the last event that was handed over. */
  seq: number;
}

export interface LiveRunOptions {
  kind: RunKind;
  /**
   * Number of the last event that is stored already.
   * @defaultValue 0
   */
  lastSeq?: number;
  /** Called once when nothing more comes. */
  onEnd: () => void;
  /** Called when nobody follows the run any more. @defaultValue nobody wants to know */
  onDeserted?: () => void;
}

/** Somebody who has caught up with a live run. */
interface Follower {
  watcher: FeedWatcher;
  /** Number of the last event handed over. */
  seq: number;
  end: (end: LiveEnd) => void;
  fail: (error: unknown) => void;
}

/** The newest events of a run that waits or is under way, and those who follow it. */
export class LiveRun {
  readonly #options: LiveRunOptions;
  readonly #followers = new Set<Follower>();
  /** Events in order without gaps; older ones are dropped once everybody has them. */
  #memory: SharedEvent[] = [];
  #lastSeq: number;
  #isServing = false;
  /** Between two rounds. */
  readonly #rest = new Rest();
  #end: LiveEnd | undefined;
  #settle: () => void = () => undefined;
  /** Resolves when the run has ended and every follower knows. */
  readonly settled = new Promise<void>((resolve) => (this.#settle = resolve));

  constructor(options: LiveRunOptions) {
    this.#options = options;
    this.#lastSeq = options.lastSeq ?? 0;
  }

  /** True once nothing more comes. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** True while somebody who follows the run looks at its pictures. */
  get isPictureWanted(): boolean {
    for (const { watcher } of this.#followers) if (watcher.wantsPictures) return true;
    return false;
  }

  /** Takes an event that is stored. */
  readonly publish = (event: RunEvent, picture?: Uint8Array): void => {
    this.#memory.push(new SharedEvent(event, picture));
    this.#lastSeq = event.seq;
    if (LAST_EVENTS[this.#options.kind].includes(event.type)) this.#finish("over");
    this.#serve();
  };

  /** Tells that nothing more comes from here. @param end unless the run has announced its verdict by now */
  close(end: LiveEnd): void {
    this.#finish(end);
    this.#serve();
  }

  /** Gives everybody who follows the run an error. */
  fail(error: unknown): void {
    this.#finish("broken");
    for (const follower of [...this.#followers]) follower.fail(error);
    this.#serve();
  }

  /** Tells if every event after this one is remembered, or yet to come. */
  remembersAfter(seq: number): boolean {
    const first = this.#memory[0]?.seq ?? this.#lastSeq + 1;
    return first <= seq + 1;
  }

  /** Hands over the remembered events, then those to come. @throws the watcher's own error. */
  async follow(afterSeq: number, watcher: FeedWatcher): Promise<Followed> {
    const { signal } = watcher;
    return await new Promise<Followed>((resolve, reject) => {
      const leave = () => {
        this.#followers.delete(follower);
        signal.removeEventListener("abort", stop);
        if (!this.isFollowed) this.#options.onDeserted?.();
      };
      const end = (reason: LiveEnd) => {
        leave();
        resolve({ end: reason, seq: follower.seq });
      };
      const stop = () => {
        end("stopped");
      };
      const fail = (error: unknown) => {
        leave();
        // The watcher's error is handed on as it is.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error);
      };
      const follower: Follower = { watcher, seq: afterSeq, end, fail };
      this.#followers.add(follower);
      signal.addEventListener("abort", stop, { once: true });
      this.#handOver(follower);
    });
  }

  #finish(end: LiveEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#rest.end();
    this.#options.onEnd();
  }

  /** Serves everybody, in a later turn, so that events which are published together go out together. */
  #serve(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    queueMicrotask(() => void this.#serveAll());
  }

  async #serveAll(): Promise<void> {
    for (let served = -1; served < this.#lastSeq;) {
      served = this.#lastSeq;
      const begunAt = performance.now();
      await this.#serveEach();
      this.#forget(served);
      await this.#restAfter(performance.now() - begunAt);
    }
    this.#isServing = false;
    if (this.#end === undefined) return;
    for (const { end } of [...this.#followers]) end(this.#end);
    this.#settle();
  }

  /** Nobody waits for a verdict. */
  async #restAfter(roundMs: number): Promise<void> {
    if (roundMs <= LONG_ROUND_MS || this.#end !== undefined) return;
    await this.#rest.take(Math.min(REST_SHARE * roundMs, LONGEST_REST_MS));
  }

  async #serveEach(): Promise<void> {
    let count = 0;
    for (const follower of [...this.#followers]) {
      if (this.#followers.has(follower)) this.#handOver(follower);
      if (++count % SLICE === 0) await new Promise(setImmediate);
    }
  }

  #handOver(follower: Follower): void {
    const { watcher, seq } = follower;
    if (seq >= this.#lastSeq) return;
    follower.seq = this.#lastSeq;
    const first = this.#memory[0]?.seq ?? 0;
    try {
      watcher.onEvents(this.#memory.slice(Math.max(0, seq + 1 - first)));
    } catch (error) {
      follower.fail(error);
    }
  }

  /** @param served number of the last event that everybody has */
  #forget(served: number): void {
    for (const event of this.#memory) {
      if (event.seq > served) break;
      event.dropPicture();
    }
    const surplus = served + 1 - (this.#memory[0]?.seq ?? 0) - REMEMBERED;
    if (surplus > 0) this.#memory = this.#memory.slice(surplus);
  }
}

/** The events that announce the verdict of a run. */
const LAST_EVENTS: Record<RunKind, readonly RunEvent["type"][]> = {
  step: ["execution_complete"],
  case: ["all_steps_complete"],
  generation: ["generation_complete", "step_script_generated", "generation_error"],
};
