import { Command, Name } from "selenium-webdriver/lib/command.js";
import type { WebDriver } from "selenium-webdriver";
import type { ConsoleMessage, Dialog, Download } from "../../runner/ports.js";
import { cutRecord } from "../bounds.js";
import { isCacheMiss } from "../cache-miss.js";
import { RequestRecords } from "../request-records.js";
import type { Explain } from "../../hosts/proxy.js";
import { executeCommand } from "./vendor.js";

/** Most entries kept of each kind; the oldest go first. */
const MOST_KEPT = 300;

/** A download as the log tells of it. */
export type LoggedDownload = Omit<Download, "number">;

interface LogEntry {
  level: string;
  message: string;
  timestamp: number;
}

/** A DevTools event in Chromium's performance log; see https://chromedevtools.github.io/devtools-protocol/ */
interface DevToolsEvent {
  method: string;
  params: EventFields;
}

/** The fields of the events that are used here; which are there depends on the method. */
interface EventFields {
  /** `Page.javascriptDialogOpening` */
  type?: Dialog["kind"];
  message?: string;
  /** `Page.downloadWillBegin` and `Page.downloadProgress` */
  guid?: string;
  url?: string;
  suggestedFilename?: string;
  receivedBytes?: number;
  state?: "inProgress" | "completed" | "canceled";
  /** `Page.fileChooserOpened` */
  mode?: FileChooser["mode"];
  backendNodeId?: number;
}

/** A file chooser, as DevTools tell of it: https://chromedevtools.github.io/devtools-protocol/tot/Page/#event-fileChooserOpened */
export interface FileChooser {
  mode: "selectSingle" | "selectMultiple";
  /** The file field; none for a chooser that a script of the page has asked for by itself. */
  backendNodeId?: number | undefined;
}

/**
 * The records that Chromium's driver keeps by itself: its console log, and the browser's events in its performance
 * log. Classic WebDriver has no events, so both are read from time to time. Other browsers have no such logs,
 * and nothing of this is known of them.
 * https://developer.chrome.com/docs/chromedriver/logging/performance-log
 */
export class ClassicLogs {
  readonly console: ConsoleMessage[] = [];
  readonly problems: ConsoleMessage[] = [];
  readonly network: RequestRecords;
  readonly downloads: LoggedDownload[] = [];
  /** File choosers that the browser was kept from showing. All of them: their place in the list is their number. */
  readonly choosers: FileChooser[] = [];
  /** Kinds and messages of dialogs as they opened, the latest last. */
  readonly #dialogs: { kind: Dialog["kind"]; message: string }[] = [];
  readonly #downloadsById = new Map<string, LoggedDownload>();
  readonly #explain: Explain;
  #isThere: boolean;

  /** @param options.isThere whether this browser has logs at all */
  constructor({ isThere, explain }: { isThere: boolean; explain: Explain }) {
    this.#isThere = isThere;
    this.#explain = explain;
    this.network = new RequestRecords(explain);
  }

  /** True while this browser counts as one that has logs. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Reads what was written since the last time. @throws the driver's error when it cannot answer now */
  async read(driver: WebDriver): Promise<void> {
    if (!this.#isThere) return;
    for (const entry of await this.#entries(driver, "performance")) this.#onEvent(entry);
    for (const entry of await this.#entries(driver, "browser")) {
      if (isCacheMiss(entry.message)) continue;
      const message = consoleMessageOf(entry);
      const explained = { ...message, text: this.#explain(message.text, message.source ?? "") };
      keep(this.console, explained);
      if (["error", "warning"].includes(explained.level)) keep(this.problems, explained);
    }
  }

  /** The kind of a dialog that has opened, if the log tells. */
  kindOfDialog(message: string): Dialog["kind"] | undefined {
    return this.#dialogs.findLast((dialog) => dialog.message === message)?.kind;
  }

  async #entries(driver: WebDriver, type: string): Promise<LogEntry[]> {
    try {
      // The same road as `driver.manage().logs().get(type)`, which makes up levels and loses the time.
      return await executeCommand(driver, new Command(Name.GET_LOG).setParameter("type", type));
    } catch (error) {
      // An old Grid passes the session's commands on, but not this one.
      if (error instanceof Error && /UnknownCommand|UnknownMethod|InvalidArgument/.test(error.name)) {
        this.#isThere = false;
        return [];
      }
      throw error;
    }
  }

  #onEvent({ message, timestamp }: LogEntry): void {
    const { method, params } = (JSON.parse(message) as { message: DevToolsEvent }).message;
    if (method === "Page.javascriptDialogOpening") {
      keep(this.#dialogs, { kind: params.type ?? "alert", message: params.message ?? "" });
    } else if (method === "Page.fileChooserOpened") {
      const { mode = "selectSingle", backendNodeId } = params;
      this.choosers.push({ mode, backendNodeId });
    } else if (method.startsWith("Page.download")) this.#onDownload(params);
    else if (method.startsWith("Network.")) this.#onRequest(method, params, timestamp);
  }

  #onDownload({
    guid = "",
    url = "",
    suggestedFilename: fileName,
    receivedBytes = 0,
    state,
  }: EventFields): void {
    const download = this.#downloadsById.get(guid);
    if (fileName !== undefined && download === undefined) {
      const begun: LoggedDownload = { fileName, url, state: "in_progress", bytes: 0 };
      this.#downloadsById.set(guid, begun);
      keep(this.downloads, begun);
    } else if (download?.state === "in_progress") {
      download.bytes = receivedBytes;
      if (state === "canceled") download.state = "failed";
      if (state === "completed") download.state = "complete";
    }
  }

  #onRequest(method: string, params: EventFields, at: number): void {
    const { network } = this;
    // DevTools fix the fields of each event.
    const event = params as never;
    if (method === "Network.requestWillBeSent") network.sent(event);
    else if (method === "Network.responseReceived") network.answered(event, at);
    else if (method === "Network.loadingFinished") network.finished(event);
    else if (method === "Network.loadingFailed") network.failedToLoad(event, at);
    else if (method === "Network.webSocketCreated") network.webSocketCreated(event, at);
    else if (method === "Network.webSocketHandshakeResponseReceived") network.webSocketAnswered(event);
  }
}

/** An entry of the console log: `http://host/path 12:34 "text"`, or `http://host/path - text`. */
function consoleMessageOf({ level, message, timestamp: at }: LogEntry): ConsoleMessage {
  const [, source, place, rest = message] = /^(\S+) (\d+:\d+|-) ([\s\S]*)$/.exec(message) ?? [];
  return {
    at,
    level: LEVELS[level] ?? "info",
    text: cutRecord(unquote(rest)),
    ...(source !== undefined && { source: cutRecord(place === "-" ? source : `${source}:${place}`) }),
  };
}

const LEVELS: Record<string, ConsoleMessage["level"]> = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warning",
  SEVERE: "error",
};

/** A single text stands in quotes as in JSON; several values stand side by side as they are. */
function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > MOST_KEPT) list.shift();
}
