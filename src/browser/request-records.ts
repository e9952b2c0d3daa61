import { Change } from "../async/abortable.js";
import type { FailedRequest, SentRequest } from "../runner/ports.js";
import type { Explain } from "../hosts/proxy.js";
import { cutRecord } from "./bounds.js";
import { isCacheMiss } from "./cache-miss.js";
import { resourceTypeOf } from "./request-rules.js";

/** Most requests that are remembered. */
const MOST_KEPT = 500;
/** Most failed requests that are remembered. */
const MOST_FAILED = 200;
/** Most requests under way that are remembered; a page that has more loses the oldest. */
const MOST_UNDER_WAY = 1_000;
/** Latest requests whose bodies are remembered. */
const MOST_BODIES = 100;
/** Longest address, in characters: longer than that of a record that people read, because patterns look at all of it. */
const MAX_URL_LENGTH = 8_000;

/** Longest body of a request that is remembered, in bytes. */
export const MAX_BODY_BYTES = 65_536;

/** DevTools' events of requests, as far as they are looked at. */
export interface RequestEvents {
  "Network.requestWillBeSent": {
    requestId: string;
    /** Seconds since the epoch. */
    wallTime: number;
    type?: string;
    request: { method: string; url: string; postData?: string; hasPostData?: boolean };
    redirectResponse?: { status: number };
  };
  "Network.responseReceived": { requestId: string; response: { url: string; status: number } };
  "Network.loadingFinished": { requestId: string };
  "Network.loadingFailed": {
    requestId: string;
    errorText: string;
    canceled?: boolean;
    blockedReason?: string;
  };
  "Network.webSocketCreated": { requestId: string; url: string };
  "Network.webSocketHandshakeResponseReceived": { requestId: string; response: { status: number } };
}

type Event<E extends keyof RequestEvents> = RequestEvents[E];

/** The requests of a browser session, by DevTools' events, whatever the way on which these come. */
export class RequestRecords {
  readonly requests: SentRequest[] = [];
  readonly failed: FailedRequest[] = [];
  /** Notified when there is a request more, or one has its answer. */
  readonly changed = new Change();
  readonly #explain: Explain;
  readonly #underWay = new Map<string, SentRequest>();
  #last = 0;

  constructor(explain: Explain) {
    this.#explain = explain;
  }

  sent(event: Event<"Network.requestWillBeSent">): void {
    const { requestId, wallTime, type, request, redirectResponse } = event;
    const before = this.#underWay.get(requestId);
    if (before !== undefined && redirectResponse !== undefined) before.status = redirectResponse.status;
    // The document of a frame that comes into a process of its own may be told of by both.
    else if (before?.url === cutUrl(request.url)) return;
    if (!/^https?:/i.test(request.url)) return;
    const { method, url, postData = "", hasPostData = false } = request;
    const isKnown = postData.length <= MAX_BODY_BYTES && (postData !== "" || !hasPostData);
    const body = isKnown ? postData : undefined;
    // An extra question of the browser is none of the page's requests.
    const isExtra = type === "Preflight";
    const record = { method, url, resourceType: resourceTypeOf(type), body, at: wallTime * 1000 };
    this.#begin(requestId, record, !isExtra);
  }

  /** @param at milliseconds since the epoch */
  answered({ requestId, response }: Event<"Network.responseReceived">, at: number): void {
    const { url, status } = response;
    const request = this.#underWay.get(requestId);
    if (request !== undefined) request.status = status;
    if (status >= 400) this.#fail({ method: request?.method ?? "GET", url: request?.url ?? url, status, at });
    this.changed.notify();
  }

  finished({ requestId }: Event<"Network.loadingFinished">): void {
    this.#underWay.delete(requestId);
  }

  /** @param at milliseconds since the epoch */
  failedToLoad(failure: Event<"Network.loadingFailed">, at: number): void {
    const id = failure.requestId;
    const request = this.#underWay.get(id);
    this.#underWay.delete(id);
    if (request === undefined) return;
    request.error = this.#explain(failure.errorText, request.url);
    this.changed.notify();
    const { method, url, error } = request;
    if (!isCancelled(failure)) this.#fail({ method, url, error, at });
  }

  /** @param at milliseconds since the epoch */
  webSocketCreated({ requestId, url }: Event<"Network.webSocketCreated">, at: number): void {
    this.#begin(requestId, { method: "GET", url, resourceType: "websocket", body: "", at }, true);
  }

  webSocketAnswered({ requestId, response }: Event<"Network.webSocketHandshakeResponseReceived">): void {
    const request = this.#underWay.get(requestId);
    if (request !== undefined) request.status = response.status;
    this.changed.notify();
  }

  #begin(id: string, record: Omit<SentRequest, "number">, isKept: boolean): void {
    const request: SentRequest = { number: ++this.#last, ...record, url: cutUrl(record.url) };
    this.#underWay.set(id, request);
    const [oldest] = this.#underWay.keys();
    if (this.#underWay.size > MOST_UNDER_WAY && oldest !== undefined) this.#underWay.delete(oldest);
    if (!isKept) return;
    this.requests.push(request);
    if (this.requests.length > MOST_KEPT) this.requests.shift();
    const old = this.requests.at(-1 - MOST_BODIES);
    if (old !== undefined && old.body !== "") old.body = undefined;
    this.changed.notify();
  }

  #fail(request: FailedRequest): void {
    this.failed.push({ ...request, url: cutRecord(request.url) });
    if (this.failed.length > MOST_FAILED) this.failed.shift();
  }
}

/** A page that is left cancels what it was loading, which is no failure. */
function isCancelled({
  canceled = false,
  blockedReason,
  errorText,
}: Event<"Network.loadingFailed">): boolean {
  return (canceled && blockedReason === undefined) || isCacheMiss(errorText);
}

function cutUrl(url: string): string {
  return url.length > MAX_URL_LENGTH ? url.slice(0, MAX_URL_LENGTH) : url;
}
