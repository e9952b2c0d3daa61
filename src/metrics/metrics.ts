import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { Verdict } from "../protocol/messages.js";
import type { BrowserPool, ExecutionStore } from "../execution/ports.js";
import type { RunQueue } from "../execution/queue/queue.js";
import type { AiUsageStore } from "../generation/ports.js";
import type { PerformScript } from "../runner/ports.js";
import type { MetricsPage, PoolSessions, Watch } from "./ports.js";
import { WatchedPool } from "./watched-pool.js";
import { WatchedQueue } from "./watched-queue.js";
import { watchScripts } from "./watched-scripts.js";
import { lagOf, withMethod } from "./watched-store.js";

/** Upper bounds of durations, in seconds. */
const WAITS = [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 1_800];
const COMMANDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const LAGS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15];

/**
 * Counts and times what the server does, for Prometheus. Names follow its conventions
 * (https://prometheus.io/docs/practices/naming/), and no label has values without end.
 */
export class Metrics implements Watch, MetricsPage {
  readonly #registry = new Registry();
  readonly #runs = this.#counter("runs_total", "Runs that have got their verdicts.", ["verdict"]);
  readonly #queueWait = this.#histogram("queue_wait_seconds", "Time that runs waited to start.", WAITS);
  readonly #sessionWait = this.#histogram(
    "browser_session_wait_seconds",
    "Time that runs waited for a browser session.",
    WAITS,
  );
  readonly #commands = this.#histogram(
    "command_duration_seconds",
    "Time that commands took.",
    COMMANDS,
    "action",
  );
  readonly #failedCommands = this.#counter("command_failures_total", "Commands that did not pass.", [
    "action",
    "verdict",
  ]);
  readonly #lag = this.#histogram(
    "store_lag_seconds",
    "Time from the oldest event of a batch until all were stored.",
    LAGS,
  );
  readonly #events = this.#counter("events_stored_total", "Events of runs that were stored.");
  readonly #failedWrites = this.#counter(
    "store_failures_total",
    "Batches of events that could not be stored at the first try.",
  );
  readonly #pictures = this.#counter(
    "pictures_dropped_total",
    "Pictures left out for clients that read slowly.",
  );
  readonly #tokens = this.#counter("ai_tokens_total", "Tokens of language models.", ["model", "direction"]);

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    // A rate needs a value from before the first run.
    for (const verdict of Verdict.options) this.#runs.inc({ verdict }, 0);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Names of the labels of a metric, for the check of the dashboard. */
  labelsOf(name: string): Set<string> {
    // prom-client's types leave out that each metric knows the names of its labels.
    const metric = this.#registry.getSingleMetric(name) as { labelNames?: string[] } | undefined;
    return new Set(metric?.labelNames);
  }

  store(store: ExecutionStore): ExecutionStore {
    return withMethod(store, "append", (append) => async (batch) => {
      try {
        await append(batch);
      } catch (error) {
        this.#failedWrites.inc();
        throw error;
      }
      const lag = lagOf(batch, Date.now());
      if (lag !== undefined) this.#lag.observe(lag);
      this.#events.inc(batch.events.length);
      for (const { verdict } of batch.runs) this.#runs.inc({ verdict });
    });
  }

  queue(queue: RunQueue): RunQueue {
    const watched = new WatchedQueue(queue, (seconds) => {
      this.#queueWait.observe(seconds);
    });
    this.#gauge("queue_depth", "Runs that wait to start.", () => watched.waiting);
    this.#gauge("runs_under_way", "Runs that have started and not ended.", () => watched.running);
    return watched;
  }

  scripts(performScript: PerformScript): PerformScript {
    return watchScripts(performScript, ({ action, verdict, seconds }) => {
      this.#commands.observe({ action }, seconds);
      if (verdict !== "passed") this.#failedCommands.inc({ action, verdict });
    });
  }

  pool(pool: BrowserPool & { sessions?: () => PoolSessions }): Pick<BrowserPool, "acquire"> {
    const watched = new WatchedPool(pool, (seconds) => {
      this.#sessionWait.observe(seconds);
    });
    this.#gauge("browser_sessions_limit", "Browser sessions that may be held together.", () => pool.size);
    const sessions = new Gauge({
      name: "stepwire_browser_sessions",
      help: "Browser sessions by what they do.",
      labelNames: ["state"],
      registers: [this.#registry],
      collect: () => {
        const { free, preparing } = pool.sessions?.() ?? { free: 0, preparing: 0 };
        sessions.set({ state: "busy" }, watched.held);
        sessions.set({ state: "free" }, free);
        sessions.set({ state: "preparing" }, preparing);
      },
    });
    return watched;
  }

  aiUsage(store: AiUsageStore): AiUsageStore {
    return withMethod(store, "addCall", (addCall) => async (call) => {
      const { model } = call;
      this.#tokens.inc({ model, direction: "input" }, call.input_tokens);
      this.#tokens.inc({ model, direction: "output" }, call.output_tokens);
      await addCall(call);
    });
  }

  connections(count: () => number): void {
    this.#gauge("connections", "Clients that are connected.", count);
  }

  pictureDropped(): void {
    this.#pictures.inc();
  }

  #counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ): Counter<Label> {
    return new Counter({ name: `stepwire_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ): Histogram<Label> {
    return new Histogram({
      name: `stepwire_${name}`,
      help,
      buckets,
      labelNames,
      registers: [this.#registry],
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name: `stepwire_${name}`,
      help,
      registers: [this.#registry],
      collect: () => {
        gauge.set(read());
      },
    });
  }
}
