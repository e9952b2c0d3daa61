import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { timeoutSignal } from "../async/timeout-signal.js";
import type { StoredRun } from "../cases/ports.js";
import type { NameLookup } from "../hosts/name-lookup.js";
import { AppError } from "../protocol/errors.js";
import type { RunFinished } from "../protocol/webhooks.js";
import { postJson } from "./post.js";
import type { Delivery, DeliveryAttempt, DeliveryStore } from "./ports.js";
import { signedHeaders } from "./signature.js";
import type { WebhookTarget } from "./targets.js";

/** Time between two looks for messages that are due, in milliseconds. */
const LOOK_INTERVAL_MS = 1_000;

/** Messages under way at the same time. */
const AT_A_TIME = 8;

/** Longest wait for a receiver's answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 10_000;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses between the attempts of a message, in milliseconds: a receiver may be away for a working day. */
const RETRY_PAUSES_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR];

/** Part of a pause by which it is longer at random, so that a receiver that comes back is not asked by all at once. */
const JITTER = 0.2;

/** Time for which the log of deliveries is kept, in milliseconds. */
const MAX_AGE_MS = 30 * 24 * HOUR;
const PRUNE_INTERVAL_MS = HOUR;

/** The answer of a receiver that wants nothing more: https://www.rfc-editor.org/rfc/rfc9110#name-410-gone */
const GONE = 410;

export interface WebhookSenderOptions {
  store: DeliveryStore;
  findRun: (id: string) => Promise<StoredRun | undefined>;
  /** The name of a test case. */
  nameOfCase: (id: number) => Promise<string>;
  targets: readonly WebhookTarget[];
  /** Each signs every message. */
  secrets: readonly Uint8Array[];
  lookup: NameLookup;
  now: () => Date;
  /** Pause between looks, in milliseconds. @defaultValue a second */
  lookIntervalMs?: number;
  log: Logger;
}

/**
 * Tells webhooks of finished runs. The messages are in the database, so those that a stopped server leaves behind go out
 * with the next start; a receiver may get one twice, and knows it by its id.
 */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #urls: ReadonlyMap<string, string>;
  readonly #stopping = new AbortController();
  #sending: Promise<void> = Promise.resolve();
  #prunedAt = 0;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
    this.#urls = new Map(options.targets.map(({ name, url }) => [name, url]));
  }

  /** Sends what is due from now on. Without a target nothing is looked for. */
  start(): void {
    if (this.#options.targets.length > 0) this.#sending = this.#send();
  }

  /** Cuts off what is under way; it is attempted again after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("Server stopping"));
    await this.#sending;
  }

  /**
   * Delivers a message again, also one that was delivered or given up. Of one that was given up this is one more attempt.
   *
   * @throws AppError when there is no such delivery, or its webhook is not told of runs any more
   */
  async redeliver(id: string): Promise<Delivery> {
    const { store, now } = this.#options;
    const known = await store.findDelivery(id);
    if (known !== undefined && !this.#urls.has(known.target)) {
      throw new AppError("conflict", `WEBHOOK_URLS does not name ${known.target} any more.`);
    }
    const delivery = known && (await store.redeliver(id, now()));
    if (delivery === undefined) throw new AppError("delivery_not_found", `There is no delivery '${id}'.`);
    return delivery;
  }

  async #send(): Promise<void> {
    const { lookIntervalMs = LOOK_INTERVAL_MS } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const isAll = await this.#sendDue();
      // Rejects only when the signal is aborted, which ends the loop.
      if (isAll) await delay(lookIntervalMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Never rejects: what the database does not give or take now it does later. @returns whether nothing more is due */
  async #sendDue(): Promise<boolean> {
    const { store, now, log } = this.#options;
    try {
      await this.#prune();
      const due = await store.findDueDeliveries(now(), AT_A_TIME);
      await Promise.all(due.map((delivery) => this.#deliver(delivery)));
      return due.length < AT_A_TIME;
    } catch (error) {
      log.warn({ err: error }, "webhooks could not be told of runs, trying again");
      return true;
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { store, now, log } = this.#options;
    const attempt = await this.#attempt(delivery);
    if (this.#stopping.signal.aborted) return;
    const attempts = [...delivery.attempts, attempt];
    const pauseMs = RETRY_PAUSES_MS[attempts.length - 1];
    const isDelivered = attempt.error === null;
    const isOver = isDelivered || pauseMs === undefined || attempt.status === GONE;
    await store.updateDelivery(delivery.id, {
      attempts,
      status: isDelivered ? "delivered" : isOver ? "failed" : "pending",
      nextAttemptAt: isOver ? null : new Date(now().getTime() + pauseMs * (1 + JITTER * Math.random())),
    });
    const { id, runId, target } = delivery;
    const fields = { deliveryId: id, runId, target, attempt: attempts.length, reason: attempt.error };
    if (isDelivered) log.debug(fields, "webhook told of a run");
    else log.warn(fields, isOver ? "webhook given up" : "webhook not reached, trying again");
  }

  async #attempt({ id, runId, target }: Delivery): Promise<DeliveryAttempt> {
    const { now, secrets, lookup } = this.#options;
    const sentAt = now();
    const began = performance.now();
    const outcome = async (): Promise<Pick<DeliveryAttempt, "status" | "error">> => {
      const url = this.#urls.get(target);
      if (url === undefined) return { status: null, error: "WEBHOOK_URLS does not name it any more." };
      const body = JSON.stringify(await this.#message(runId));
      const headers = signedHeaders({ id, body, sentAt }, secrets);
      const timeout = timeoutSignal(ANSWER_TIMEOUT_MS, `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`);
      const signal = AbortSignal.any([this.#stopping.signal, timeout]);
      try {
        const status = await postJson(url, { body, headers, lookup, signal });
        return { status, error: status >= 200 && status < 300 ? null : refusalOf(status) };
      } catch (error) {
        const reason: unknown = signal.aborted ? signal.reason : error;
        return { status: null, error: reason instanceof Error ? reason.message : String(reason) };
      }
    };
    return {
      at: sentAt.toISOString(),
      ...(await outcome()),
      durationMs: Math.round(performance.now() - began),
    };
  }

  async #message(runId: string): Promise<RunFinished> {
    const run = await this.#options.findRun(runId);
    if (run === undefined || run.finishedAt === null) throw new Error(`the run ${runId} is gone`);
    // A run that has finished has a verdict.
    const status = run.status as RunFinished["data"]["status"];
    return {
      type: "run.finished",
      timestamp: run.finishedAt.toISOString(),
      data: {
        run_id: run.id,
        kind: run.kind,
        test_case_id: run.testCaseId,
        test_case_name: run.testCaseId === null ? null : await this.#options.nameOfCase(run.testCaseId),
        test_step_id: run.testStepId,
        status,
        error_message: run.errorMessage,
        attempts: run.attempts,
        flaky: run.flaky,
        environment: run.environment,
        started_at: run.startedAt?.toISOString() ?? null,
        finished_at: run.finishedAt.toISOString(),
        page: `/runs/${run.id}`,
      },
    };
  }

  async #prune(): Promise<void> {
    const at = this.#options.now().getTime();
    if (at - this.#prunedAt < PRUNE_INTERVAL_MS) return;
    this.#prunedAt = at;
    await this.#options.store.deleteDeliveries(new Date(at - MAX_AGE_MS));
  }
}

function refusalOf(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return `the receiver answers ${status}${isRedirect ? ", and redirects are not followed" : ""}`;
}
