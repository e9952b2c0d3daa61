import type { Client } from "../connection/router.js";
import type { FeedEnd, FeedEvent, FeedWatcher, RunFeed } from "../execution/ports.js";
import type { ServerMessage } from "../protocol/messages.js";

export interface SubscriptionOptions {
  runId: string;
  afterSeq: number;
  client: Client;
  requestId: string | undefined;
  /** True when the client asked for it; one that starts a run watches it without asking, and is told less. */
  isAskedFor: boolean;
}

/**
 * One run that one client watches. A client that reads slowly loses pictures first, and then the subscription; the
 * run and everybody else who watches it go on as ever.
 */
export class Subscription implements FeedWatcher {
  readonly options: SubscriptionOptions;
  readonly #stop = new AbortController();
  readonly #onPictureDropped: (() => void) | undefined;
  #lastSeq: number;
  /** Pictures left out that the client has not been told of. */
  #dropped = 0;

  /** @param onPictureDropped called for each picture that is left out; by default nobody wants to know */
  constructor(options: SubscriptionOptions, onPictureDropped?: () => void) {
    this.options = options;
    this.#onPictureDropped = onPictureDropped;
    this.#lastSeq = options.afterSeq;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get wantsPictures(): boolean {
    return this.options.client.screenshots === "inline";
  }

  get afterSeq(): number {
    return this.#lastSeq;
  }

  /** Resolves when the subscription is over, and the client knows. @throws the database's error. */
  async watch(feed: RunFeed): Promise<FeedEnd> {
    const { runId, isAskedFor } = this.options;
    const end = await feed.watch(runId, this);
    if (end === "stopped") return end;
    this.#reportDropped();
    if (end === "over" && isAskedFor) {
      this.#tell({ type: "subscription_complete", run_id: runId, last_seq: this.#lastSeq });
    }
    return end;
  }

  /** Ends it without a word. */
  stop(): void {
    this.#stop.abort();
  }

  /** Tells the client that no more events come although the run is not over. */
  fail(error: string): void {
    this.#tell({
      type: "execution_error",
      error,
      code: "internal",
      step_id: null,
      run_id: this.options.runId,
    });
  }

  onEvents(events: readonly FeedEvent[]): void {
    const { client } = this.options;
    client.outbox.together(() => {
      for (const event of events) {
        if (this.signal.aborted) return;
        this.#send(event);
      }
    });
  }

  ready(): Promise<void> {
    return this.options.client.outbox.drained();
  }

  #send(event: FeedEvent): void {
    const { outbox, screenshots } = this.options.client;
    if (event.type !== "screenshot" || screenshots !== "off") {
      const wantsPicture = event.hasPicture && screenshots === "inline";
      const withPicture = wantsPicture && !outbox.isCongested && outbox.hasRoomFor(event.json(true).length);
      const json = event.json(withPicture);
      if (!outbox.hasRoomFor(json.length)) {
        this.#fallBehind();
        return;
      }
      if (wantsPicture && !withPicture) this.#drop();
      // A JPEG does not get smaller, and to find that out for each client would cost more than it could save.
      outbox.send(json, { compress: !withPicture });
    }
    this.#lastSeq = event.seq;
  }

  #drop(): void {
    this.#dropped++;
    this.#onPictureDropped?.();
    if (this.#dropped > 1) return;
    void this.options.client.outbox.drained().then(() => {
      if (!this.signal.aborted) this.#reportDropped();
    });
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#tell({ type: "screenshots_dropped", run_id: this.options.runId, count: this.#dropped });
    this.#dropped = 0;
  }

  #fallBehind(): void {
    const { client, runId } = this.options;
    this.stop();
    this.#reportDropped();
    this.#tell({ type: "behind", run_id: runId, last_seq: this.#lastSeq });
    client.log.info({ runId, lastSeq: this.#lastSeq }, "client fell behind");
  }

  #tell(message: ServerMessage): void {
    const { client, requestId } = this.options;
    client.send(requestId === undefined ? message : { ...message, request_id: requestId });
  }
}
