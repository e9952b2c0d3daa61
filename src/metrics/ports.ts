import type { BrowserPool, ExecutionStore } from "../execution/ports.js";
import type { RunQueue } from "../execution/queue/queue.js";
import type { AiUsageStore } from "../generation/ports.js";
import type { PerformScript } from "../runner/ports.js";

/** The sessions that a pool has in store. */
export interface PoolSessions {
  /** Ready for a run. */
  free: number;
  /** Being made. */
  preparing: number;
}

/**
 * Looks on at the ports through which everything goes, each by a part that does what the given one does. Nothing of what
 * the server does depends on it.
 */
export interface Watch {
  store(store: ExecutionStore): ExecutionStore;
  queue(queue: RunQueue): RunQueue;
  scripts(performScript: PerformScript): PerformScript;
  pool(pool: BrowserPool & { sessions?: () => PoolSessions }): Pick<BrowserPool, "acquire">;
  aiUsage(store: AiUsageStore): AiUsageStore;
  /** Takes the number of clients that are connected, whenever it is asked for. */
  connections(count: () => number): void;
  /** A client that read slowly was sent an event without its picture. */
  pictureDropped(): void;
}

/** Watches nothing. */
export const UNWATCHED: Watch = {
  store: (store) => store,
  queue: (queue) => queue,
  scripts: (performScript) => performScript,
  pool: (pool) => pool,
  aiUsage: (store) => store,
  connections: () => undefined,
  pictureDropped: () => undefined,
};

/** The state of the server as text for Prometheus. */
export interface MetricsPage {
  contentType: string;
  /** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
  text(): Promise<string>;
}
