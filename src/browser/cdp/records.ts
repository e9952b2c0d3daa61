import type { Explain } from "../../hosts/proxy.js";
import type { ConsoleMessage, Dialog, Download, FailedRequest, PageRecords } from "../../runner/ports.js";
import { cutRecord } from "../bounds.js";
import { isCacheMiss } from "../cache-miss.js";
import type { DevTools } from "../devtools-protocol.js";
import type { CdpSession } from "./connection.js";

/** Most entries of a kind that are remembered. */
const MOST_KEPT = 200;
/** Most requests under way that are remembered; a page that has more loses the oldest. */
const MOST_REQUESTS = 1_000;

const LEVELS: Record<string, ConsoleMessage["level"]> = {
  debug: "debug",
  verbose: "debug",
  warning: "warning",
  error: "error",
  assert: "error",
};

/** The records of a session. Everything in them is cut to a size that any page may be trusted with. */
export class CdpRecords implements PageRecords {
  readonly console: ConsoleMessage[] = [];
  readonly failedRequests: FailedRequest[] = [];
  readonly dialogs: readonly Dialog[];
  readonly downloads: readonly Download[];

  readonly #explain: Explain;

  constructor(lists: Pick<PageRecords, "dialogs" | "downloads">, explain: Explain) {
    this.dialogs = lists.dialogs;
    this.downloads = lists.downloads;
    this.#explain = explain;
  }

  /** Writes down the events of a session's frames. */
  listen(session: CdpSession): void {
    session.on("Runtime.consoleAPICalled", ({ type, args, timestamp, stackTrace }) => {
      const text = args.map(textOf).join(" ");
      this.#log({
        at: timestamp,
        level: LEVELS[type] ?? "info",
        text,
        source: sourceOf(stackTrace?.callFrames[0]),
      });
    });
    session.on(
      "Runtime.exceptionThrown",
      ({ timestamp, exceptionDetails: { text, exception, url = "", lineNumber } }) => {
        const source = sourceOf({ url, lineNumber });
        this.#log({ at: timestamp, level: "error", text: exception?.description ?? text, source });
      },
    );
    session.on("Log.entryAdded", ({ entry: { level, text, timestamp, url = "", lineNumber = 0 } }) => {
      if (isCacheMiss(text)) return;
      this.#log({
        at: timestamp,
        level: LEVELS[level] ?? "info",
        text: this.#explain(text, url),
        source: sourceOf({ url, lineNumber }),
      });
    });
    this.#listenToRequests(session);
  }

  #listenToRequests(session: CdpSession): void {
    const requests = new Map<string, { method: string; url: string }>();
    session.on("Network.requestWillBeSent", ({ requestId, request: { method, url } }) => {
      requests.set(requestId, { method, url: cutRecord(url) });
      const [oldest] = requests.keys();
      if (requests.size > MOST_REQUESTS && oldest !== undefined) requests.delete(oldest);
    });
    session.on("Network.responseReceived", ({ requestId, response: { url, status } }) => {
      if (status >= 400) this.#fail({ method: "GET", url, ...requests.get(requestId), status });
    });
    session.on("Network.loadingFinished", ({ requestId }) => {
      requests.delete(requestId);
    });
    session.on("Network.loadingFailed", (failure) => {
      const request = requests.get(failure.requestId);
      requests.delete(failure.requestId);
      if (!request || isCancelled(failure)) return;
      this.#fail({ ...request, error: this.#explain(failure.errorText, request.url) });
    });
  }

  #log({ text, source, ...rest }: ConsoleMessage): void {
    this.console.push({
      ...rest,
      text: cutRecord(text),
      ...(source !== undefined && { source: cutRecord(source) }),
    });
    if (this.console.length > MOST_KEPT) this.console.shift();
  }

  #fail(request: Omit<FailedRequest, "at">): void {
    this.failedRequests.push({ at: Date.now(), ...request, url: cutRecord(request.url) });
    if (this.failedRequests.length > MOST_KEPT) this.failedRequests.shift();
  }
}

/** A page that is left cancels what it was loading, which is no failure. */
function isCancelled(failure: DevTools.Network.LoadingFailedEvent): boolean {
  const { canceled = false, blockedReason, errorText } = failure;
  return (canceled && blockedReason === undefined) || isCacheMiss(errorText);
}

function textOf({ value, unserializableValue, description, type }: DevTools.Runtime.RemoteObject): string {
  if (value !== undefined) return typeof value === "string" ? value : JSON.stringify(value);
  return unserializableValue ?? description ?? type;
}

/** @param place with the line counted from 0, as the protocol does */
function sourceOf(place: { url: string; lineNumber: number } | undefined): string | undefined {
  return place === undefined || place.url === "" ? undefined : `${place.url}:${place.lineNumber + 1}`;
}
