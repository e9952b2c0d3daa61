import { pause } from "../../async/abortable.js";
import { PageError, type PageNetwork } from "../../runner/ports.js";
import type { ClassicRecords } from "./records.js";

/** Time between two looks at the requests while somebody waits for one, in milliseconds. */
const LOOK_MS = 100;

export interface ClassicNetworkOptions {
  records: ClassicRecords;
  /** Asks for the time of the browser's clock; missing where that is this machine's. */
  clock: ((signal: AbortSignal) => Promise<string>) | undefined;
}

/** Requests as the driver's log tells of them; classic WebDriver has no means to stop any. */
export class ClassicNetwork implements PageNetwork {
  readonly #options: ClassicNetworkOptions;

  constructor(options: ClassicNetworkOptions) {
    this.#options = options;
  }

  addRule(): Promise<void> {
    return Promise.reject(impossible("answering or blocking requests"));
  }

  clearRules(): Promise<void> {
    return Promise.resolve();
  }

  setLogin(): Promise<void> {
    return Promise.reject(impossible("an HTTP login"));
  }

  async refresh(signal: AbortSignal): Promise<number> {
    const { records, clock } = this.#options;
    await records.refresh(signal);
    if (!records.hasLogs) throw impossible("telling of requests and the console");
    if (clock === undefined) return 0;
    const before = Date.now();
    const there = Number(await clock(signal));
    return there - (before + Date.now()) / 2;
  }

  async changed(signal: AbortSignal): Promise<void> {
    await pause(LOOK_MS, signal);
    await this.#options.records.refresh(signal);
  }
}

function impossible(what: string): PageError {
  return new PageError(
    "protocol",
    `this way to the browser has no means for ${what}; use Chromium or Edge with BROWSER_PROTOCOL=cdp`,
  );
}
