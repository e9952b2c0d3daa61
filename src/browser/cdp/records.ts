import type { Explain } from "../../hosts/proxy.js";
import type {
  ConsoleMessage,
  Dialog,
  Download,
  FailedRequest,
  PageRecords,
  SentRequest,
} from "../../runner/ports.js";
import { cutRecord } from "../bounds.js";
import { isCacheMiss } from "../cache-miss.js";
import type { DevTools } from "../devtools-protocol.js";
import { RequestRecords } from "../request-records.js";
import type { CdpSession } from "./connection.js";

/** Most entries of a kind that are remembered. */
const MOST_KEPT = 200;

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
  readonly problems: ConsoleMessage[] = [];
  readonly network: RequestRecords;
  readonly dialogs: readonly Dialog[];
  readonly downloads: readonly Download[];

  readonly #explain: Explain;

  constructor(lists: Pick<PageRecords, "dialogs" | "downloads">, explain: Explain) {
    this.dialogs = lists.dialogs;
    this.downloads = lists.downloads;
    this.#explain = explain;
    this.network = new RequestRecords(explain);
  }

  get requests(): readonly SentRequest[] {
    return this.network.requests;
  }

  get failedRequests(): readonly FailedRequest[] {
    return this.network.failed;
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
    this.listenToRequests(session);
  }

  /** Writes down the requests of a frame's process, or of a worker. */
  listenToRequests(session: CdpSession): void {
    const { network } = this;
    session.on("Network.requestWillBeSent", (event) => {
      network.sent(event);
    });
    session.on("Network.responseReceived", (event) => {
      network.answered(event, Date.now());
    });
    session.on("Network.loadingFinished", (event) => {
      network.finished(event);
    });
    session.on("Network.loadingFailed", (event) => {
      network.failedToLoad(event, Date.now());
    });
    session.on("Network.webSocketCreated", (event) => {
      network.webSocketCreated(event, Date.now());
    });
    session.on("Network.webSocketHandshakeResponseReceived", (event) => {
      network.webSocketAnswered(event);
    });
  }

  #log({ text, source, ...rest }: ConsoleMessage): void {
    const message = {
      ...rest,
      text: cutRecord(text),
      ...(source !== undefined && { source: cutRecord(source) }),
    };
    this.console.push(message);
    if (this.console.length > MOST_KEPT) this.console.shift();
    if (message.level !== "error" && message.level !== "warning") return;
    this.problems.push(message);
    if (this.problems.length > MOST_KEPT) this.problems.shift();
    this.network.changed.notify();
  }
}

function textOf({ value, unserializableValue, description, type }: DevTools.Runtime.RemoteObject): string {
  if (value !== undefined) return typeof value === "string" ? value : JSON.stringify(value);
  return unserializableValue ?? description ?? type;
}

/** @param place with the line counted from 0, as the protocol does */
function sourceOf(place: { url: string; lineNumber: number } | undefined): string | undefined {
  return place === undefined || place.url === "" ? undefined : `${place.url}:${place.lineNumber + 1}`;
}
