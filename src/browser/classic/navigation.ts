import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import { PageError } from "../../runner/ports.js";
import { pause } from "../../async/abortable.js";
import type { Explain } from "../../hosts/proxy.js";
import type { ClassicCalls } from "./calls.js";
import type { ClassicDialogs } from "./dialogs.js";
import { isDialogOpen, pageErrorOf, type ClassicDriver } from "./driver.js";
import { withRemedy } from "../remedies.js";
import type { ClassicRecords } from "./records.js";
import type { DocumentAnswer } from "../../runner/page/calls/sliced-answers.js";
import { sendDevTools } from "./vendor.js";

/** Pause between two looks at a document that has yet to come, in milliseconds. */
const LOOK_MS = 20;
/** Time for a page in the history to begin to come, in milliseconds. */
const HISTORY_MS = 500;
/** Time for Chromium to begin with a navigation, in milliseconds; while one is under way it answers no script. */
const NOTHING_MS = 2_000;

/** The state of things before a navigation. */
interface Departure {
  before: DocumentAnswer | undefined;
  url: string;
  /** Number of downloads so far. */
  downloads: number;
  started: number;
}

/** The parts of a page that navigations need. */
interface Parts {
  driver: ClassicDriver;
  calls: ClassicCalls;
  dialogs: ClassicDialogs;
  records: ClassicRecords;
  explain: Explain;
  /** True when the browser answers no script while a navigation is under way. */
  waitsForNavigation: boolean;
}

/**
 * Navigations of the current window. The driver is told not to wait for any (`pageLoadStrategy: none`), because
 * a wait inside the driver cannot be cancelled; the new document is waited for here.
 */
export class ClassicNavigation {
  readonly #parts: Parts;
  /** Waits for the document of the last navigation. */
  #arrival: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  /** {@link ClassicDialogs.stayed} before it. */
  #stayed = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The window's top frame is the current one. */
  async navigate(url: string, signal: AbortSignal): Promise<void> {
    const { calls, records } = this.#parts;
    const before = await calls.askDocument(signal);
    const downloads = records.downloads.length;
    const started = performance.now();
    await this.#start((driver) => driver.get(url), signal);
    const arrive = (from: number, until: AbortSignal) =>
      this.#arrive({ before, url, downloads, started: from }, until);
    this.#arrival = (until) => arrive(performance.now(), until);
    await arrive(started, signal);
    calls.forgetDocument();
  }

  /** Waits for the end of a navigation that a question whether to leave the page has held up. */
  async goOn(signal: AbortSignal): Promise<void> {
    await this.#arrival(signal);
    this.#parts.calls.forgetDocument();
  }

  async #arrive({ before, url, downloads, started }: Departure, signal: AbortSignal): Promise<void> {
    const { records, waitsForNavigation } = this.#parts;
    for (let looks = 0; ; looks++) {
      if (looks > 0) await pause(LOOK_MS, signal);
      const now = await this.#look(signal);
      if (now === "dialog" || (now && this.#isAnother(before, now, url))) return;
      if (now === undefined && waitsForNavigation) continue;
      // The driver's logs cannot be had during a navigation, which may be just about to begin.
      if (waitsForNavigation && looks === 0) continue;
      await records.refresh(signal);
      const nothing = waitsForNavigation && performance.now() - started > NOTHING_MS;
      // A file is no page, but it was opened all the same.
      if (records.downloads.length > downloads) return;
      if (nothing) throw refused("the server sent no page");
    }
  }

  /** @returns whether there was a page to go to */
  async traverse(step: -1 | 1, signal: AbortSignal): Promise<boolean> {
    const { calls } = this.#parts;
    const before = await calls.askDocument(signal);
    const started = performance.now();
    await this.#start(
      (driver) => (step < 0 ? driver.navigate().back() : driver.navigate().forward()),
      signal,
    );
    this.#arrival = (until) => this.#arriveElsewhere(before, until);
    for (;;) {
      const now = await this.#look(signal);
      if (now === "dialog") return true;
      if (now && (this.#isAnother(before, now) || now.moves !== before?.moves || now.url !== before.url))
        return true;
      const isOver = performance.now() - started > HISTORY_MS;
      if (isOver && now && !now.isLeaving) return false;
      // Firefox's first page is the empty one that is waited out otherwise.
      if (isOver && now === undefined && !this.#parts.waitsForNavigation) return true;
      await pause(LOOK_MS, signal);
    }
  }

  async reload(signal: AbortSignal): Promise<void> {
    const { calls } = this.#parts;
    const before = await calls.askDocument(signal);
    await this.#start((driver) => driver.navigate().refresh(), signal);
    this.#arrival = (until) => this.#arriveElsewhere(before, until);
    await this.#arriveElsewhere(before, signal);
    calls.forgetDocument();
  }

  async #arriveElsewhere(before: DocumentAnswer | undefined, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = await this.#look(signal);
      if (now === "dialog" || (now && this.#isAnother(before, now))) return;
      await pause(LOOK_MS, signal);
    }
  }

  /**
   * @param url the address that was opened, when it may have been a place in the same document
   * @throws PageError `navigation` when the browser shows a page of its own instead
   */
  #isAnother(before: DocumentAnswer | undefined, now: DocumentAnswer, url = ""): boolean {
    if (before?.document !== now.document) {
      const failure = failureOf(now);
      if (failure !== undefined) throw refused(this.#parts.explain(failure, url));
      return true;
    }
    return url.includes("#") && withoutHash(before.url) === withoutHash(url) && now.url === new URL(url).href;
  }

  async #start(command: (driver: WebDriver) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { driver: session, waitsForNavigation } = this.#parts;
    this.#stayed = this.#parts.dialogs.stayed;
    try {
      await session.send(async (driver) => {
        await command(driver);
        // chromedriver answers before the browser has heard of the command. Our scripts take another road, and have to
        // come after it.
        if (waitsForNavigation) await sendDevTools(driver, "Target.getTargetInfo");
      }, signal);
    } catch (error) {
      if (isDialogOpen(error)) {
        await this.#parts.dialogs.look(signal);
        return;
      }
      // chromedriver says so where there is nothing to wait for, such as a history without a next page.
      if (error instanceof driverErrors.TimeoutError) return;
      const known = pageErrorOf(error);
      if (known instanceof PageError && known.kind === "protocol") throw refused(known.message, known);
      throw known;
    }
  }

  /** @returns the document once it can be worked with; `dialog` when one keeps it from coming or loading */
  async #look(signal: AbortSignal): Promise<DocumentAnswer | "dialog" | undefined> {
    const now = await this.#parts.calls.askDocument(signal);
    const { dialogs } = this.#parts;
    if (dialogs.open || dialogs.stayed > this.#stayed) return "dialog";
    // Firefox shows an empty page while it goes from one process to another.
    const isBetween = !this.#parts.waitsForNavigation && now?.url === "about:blank";
    return now?.isInteractive === true && !isBetween ? now : undefined;
  }
}

function withoutHash(url: string): string {
  const { href, hash } = new URL(url);
  return href.slice(0, href.length - hash.length);
}

/** The reason why the browser shows a page of its own instead of the one it was to open. */
function failureOf({ documentUri, errorText }: DocumentAnswer): string | undefined {
  if (documentUri.startsWith("chrome-error:"))
    return /\bERR_[A-Z_\d]+/.exec(errorText)?.[0] ?? errorText.split("\n")[0];
  const reason = /^about:(?:neterror|certerror|blocked|httpsonlyerror)\?(?:.*&)?e=([^&]*)/.exec(
    documentUri,
  )?.[1];
  return reason === undefined ? undefined : decodeURIComponent(reason);
}

function refused(reason: string, cause?: Error): PageError {
  return new PageError("navigation", `it could not be opened: ${withRemedy(reason)}`, cause && { cause });
}
