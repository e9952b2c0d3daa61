import { error as driverErrors } from "selenium-webdriver";
import type { Dialog, Download, PageRecords } from "../../runner/ports.js";
import { ClassicDownloads } from "./downloads.js";
import type { ClassicDriver } from "./driver.js";
import type { ClassicLogs } from "./logs.js";

/**
 * The records of the browser session, as of the last {@link refresh}. Without Chromium's logs nothing is known of the
 * console and of requests.
 */
export class ClassicRecords implements PageRecords {
  readonly dialogs: readonly Dialog[];
  readonly #driver: ClassicDriver;
  readonly #logs: ClassicLogs;
  readonly #downloads: ClassicDownloads;
  #isReading = false;
  refreshedAt = performance.now();

  /** @param options.folder where the browser puts downloads; none when it is on another machine */
  constructor(options: {
    driver: ClassicDriver;
    logs: ClassicLogs;
    dialogs: readonly Dialog[];
    folder: string | undefined;
  }) {
    const { logs, folder } = options;
    this.#driver = options.driver;
    this.#logs = logs;
    this.dialogs = options.dialogs;
    this.#downloads = new ClassicDownloads({ folder, hasLog: () => logs.isThere });
  }

  get console() {
    return this.#logs.console;
  }

  get choosers() {
    return this.#logs.choosers;
  }

  get problems() {
    return this.#logs.problems;
  }

  get failedRequests() {
    return this.#logs.network.failed;
  }

  get requests() {
    return this.#logs.network.requests;
  }

  /** True while this browser tells of its console and requests. */
  get hasLogs(): boolean {
    return this.#logs.isThere;
  }

  get downloads(): readonly Download[] {
    return this.#downloads.all;
  }

  /** Time when the last download was seen to begin, in milliseconds since the epoch. */
  get downloadAt(): number {
    return this.#downloads.begunAt;
  }

  /** Brings everything up to date. A browser that cannot tell at the moment is asked another time. */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      if (this.#logs.isThere) await this.#driver.send((driver) => this.#logs.read(driver), signal);
      await this.#downloads.update(this.#logs.downloads);
    } catch (error) {
      if (!(error instanceof driverErrors.WebDriverError)) throw error;
    } finally {
      this.refreshedAt = performance.now();
      this.#isReading = false;
    }
  }
}
