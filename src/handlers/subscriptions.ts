import type { Client, Handlers, RequestContext } from "../connection/router.js";
import type { RunFeed } from "../execution/ports.js";
import { AppError, noSuchRun } from "../protocol/errors.js";
import { Subscription, type SubscriptionOptions } from "./subscription.js";

/** Most runs that one connection may watch at the same time. */
const MAX_SUBSCRIPTIONS = 200;

export interface SubscriptionsOptions {
  feed: RunFeed;
  /** Finds a stored run; it has no `finishedAt` while it waits or is under way. */
  findRun: (id: string) => Promise<{ finishedAt: Date | null } | undefined>;
  /** Called for each picture that is left out because a client reads slowly. @defaultValue nobody wants to know */
  onPictureDropped?: () => void;
}

/** The runs that each client watches. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #byClient = new WeakMap<Client, Map<string, Subscription>>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  get handlers(): Pick<Handlers, "subscribe" | "unsubscribe"> {
    return {
      subscribe: async ({ run_id: runId, after_seq: afterSeq }, context) => {
        await this.#subscribe(runId, afterSeq, context);
      },
      unsubscribe: async ({ run_id: runId }, { client, reply }) => {
        this.#of(client).get(runId)?.stop();
        this.#of(client).delete(runId);
        reply({ type: "unsubscribed", run_id: runId });
      },
    };
  }

  /** Tells if a client watches a run that is not over. */
  isWatching(client: Client): boolean {
    return (this.#byClient.get(client)?.size ?? 0) > 0;
  }

  /** Lets a client that has just started a run watch it from its first event. */
  follow(runId: string, { client, requestId }: RequestContext): void {
    void this.#watch(this.#add({ runId, afterSeq: 0, client, requestId, isAskedFor: false }));
  }

  async #subscribe(runId: string, afterSeq: number, context: RequestContext): Promise<void> {
    const { client, requestId, reply } = context;
    const own = this.#of(client);
    if (own.size >= MAX_SUBSCRIPTIONS && !own.has(runId)) {
      const text = `A connection may watch ${MAX_SUBSCRIPTIONS} runs at a time; unsubscribe from one first.`;
      throw new AppError("too_many_subscriptions", text);
    }
    // Before anything is awaited, so that an `unsubscribe` that comes next finds it.
    const subscription = this.#add({ runId, afterSeq, client, requestId, isAskedFor: true });
    let live: boolean;
    try {
      live = await this.#isLive(runId);
    } catch (error) {
      this.#remove(subscription);
      throw error;
    }
    if (own.has(runId)) {
      reply({ type: "subscribed", run_id: runId, after_seq: afterSeq, live });
    } else {
      reply({ type: "unsubscribed", run_id: runId });
    }
    void this.#watch(subscription);
  }

  /** A new subscription takes the place of an earlier one to the same run. */
  #add(options: SubscriptionOptions): Subscription {
    const own = this.#of(options.client);
    own.get(options.runId)?.stop();
    const subscription = new Subscription(options, this.#options.onPictureDropped);
    own.set(options.runId, subscription);
    if (options.client.closed.aborted) subscription.stop();
    return subscription;
  }

  #remove(subscription: Subscription): void {
    const { client, runId } = subscription.options;
    const own = this.#of(client);
    if (own.get(runId) === subscription) own.delete(runId);
  }

  /** Tells if a run waits or is under way, on whichever server. @throws AppError `run_not_found` */
  async #isLive(runId: string): Promise<boolean> {
    const { feed, findRun } = this.#options;
    if (feed.isLive(runId)) return true;
    const run = await findRun(runId);
    if (run === undefined) throw noSuchRun(runId);
    return run.finishedAt === null;
  }

  /** Never rejects: the client is told when the events cannot be had. */
  async #watch(subscription: Subscription): Promise<void> {
    const { client, runId } = subscription.options;
    try {
      const end = await subscription.watch(this.#options.feed);
      if (end === "broken") {
        subscription.fail(
          "The run was ended because its events could not be stored; the server's log has the cause",
        );
      }
    } catch (error) {
      client.log.error({ err: error, runId }, "the events of a run could not be read");
      subscription.fail("The events of the run could not be read; the server's log has the cause");
    } finally {
      this.#remove(subscription);
    }
  }

  #of(client: Client): Map<string, Subscription> {
    const known = this.#byClient.get(client);
    if (known !== undefined) return known;
    const own = new Map<string, Subscription>();
    this.#byClient.set(client, own);
    const stopAll = () => {
      for (const subscription of own.values()) subscription.stop();
    };
    client.closed.addEventListener("abort", stopAll, { once: true });
    return own;
  }
}
