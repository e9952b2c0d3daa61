import type { Logger } from "pino";
import { z } from "zod";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { partsOf } from "../setup/remote-status.js";
import { capacityOf, type GridCapacity } from "./capacity.js";

/** Time between two looks while runs need browsers, and while none does, in milliseconds. */
const BUSY_MS = 1_000;
const IDLE_MS = 15_000;
/** Longest look, in milliseconds. */
const LOOK_TIMEOUT_MS = 5_000;

/** https://www.selenium.dev/documentation/grid/advanced_features/graphql_support/ */
const QUEUE_QUERY = JSON.stringify({ query: "{ grid { sessionQueueSize } }" });
const QueueAnswer = z.object({ data: z.object({ grid: z.object({ sessionQueueSize: z.number() }) }) });

export interface GridWatchOptions {
  /** The address of the Selenium server. */
  server: string;
  /** Tells if runs need browsers now. */
  isBusy: () => boolean;
  /** Called after each look, and when a first one has failed. */
  onLook: () => void;
  log: Logger;
}

/** Looks again and again at the places that a Selenium server has free. */
export class GridWatch {
  readonly #options: GridWatchOptions;
  readonly #closed = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #capacity: GridCapacity | undefined;
  #isReached = true;

  constructor(options: GridWatchOptions) {
    this.#options = options;
  }

  /** The places at the last look; nothing while nobody knows, as with a vendor that does not tell. */
  get capacity(): GridCapacity | undefined {
    return this.#capacity;
  }

  /** Looks at once, unless a look is under way. Never rejects. */
  look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#closed.signal.aborted) return;
      this.#timer = setTimeout(() => void this.look(), this.#options.isBusy() ? BUSY_MS : IDLE_MS);
      this.#timer.unref();
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { server, onLook, log } = this.#options;
    const signal = AbortSignal.any([this.#closed.signal, timeoutSignal(LOOK_TIMEOUT_MS)]);
    try {
      this.#capacity = await readCapacity(server, signal);
      if (!this.#isReached) log.info("the Selenium server answers again");
      this.#isReached = true;
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      if (this.#isReached) log.warn({ err: error }, "the Selenium server does not tell its places");
      this.#isReached = false;
      this.#capacity = undefined;
    }
    onLook();
  }
}

/** @throws Error when the server cannot be asked; the signal's reason */
async function readCapacity(server: string, signal: AbortSignal): Promise<GridCapacity | undefined> {
  // The places are told at the root, also where sessions are asked for below its old name.
  const root = server.replace(/\/wd\/hub\/?$/, "");
  const status = partsOf(root, "status");
  const graphql = partsOf(root, "graphql");
  const [told, queued] = await Promise.all([
    fetch(status.href, { signal, headers: status.headers }).then((response) => response.json() as unknown),
    fetch(graphql.href, {
      method: "POST",
      signal,
      headers: { ...graphql.headers, "content-type": "application/json" },
      body: QUEUE_QUERY,
    })
      .then(async (response) => QueueAnswer.parse(await response.json()).data.grid.sessionQueueSize)
      // Others than a Selenium Grid have none.
      .catch(() => 0),
  ]);
  return capacityOf(told, queued);
}
