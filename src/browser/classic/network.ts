import { pause } from "../../async/abortable.js";
import { PageError, type HttpLogin, type PageNetwork, type RequestRule } from "../../runner/ports.js";
import type { BidiConnection } from "./bidi-connection.js";
import { pageErrorOf } from "./driver.js";
import { BidiInterception } from "./interception.js";
import type { ClassicRecords } from "./records.js";

/** Time between two looks at the requests while somebody waits for one, in milliseconds. */
const LOOK_MS = 100;

export interface ClassicNetworkOptions {
  records: ClassicRecords;
  connection: BidiConnection | undefined;
  /** Asks for the time of the browser's clock; missing where that is this machine's. */
  clock: ((signal: AbortSignal) => Promise<string>) | undefined;
}

/** Requests as the driver's log tells of them. They are stopped through the session's WebSocket, where there is one. */
export class ClassicNetwork implements PageNetwork {
  /** The driver stops none of them. */
  readonly beyondReach =
    "frames of other sites, workers and the browser's questions before requests of other sites (CORS preflights)";
  readonly #options: ClassicNetworkOptions;
  readonly #interception: BidiInterception | undefined;

  constructor(options: ClassicNetworkOptions) {
    this.#options = options;
    this.#interception = options.connection && new BidiInterception(options.connection);
  }

  addRule(rule: RequestRule, signal: AbortSignal): Promise<void> {
    return this.#stopping("answering or blocking requests", (stops) => stops.addRule(rule, signal));
  }

  async clearRules(signal: AbortSignal): Promise<void> {
    await this.#interception?.clearRules(signal);
  }

  setLogin(login: HttpLogin, signal: AbortSignal): Promise<void> {
    return this.#stopping("an HTTP login", (stops) => stops.setLogin(login, signal));
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

  async #stopping(what: string, work: (stops: BidiInterception) => Promise<void>): Promise<void> {
    if (this.#interception === undefined) throw impossible(what);
    try {
      await work(this.#interception);
    } catch (error) {
      throw pageErrorOf(error);
    }
  }
}

function impossible(what: string): PageError {
  return new PageError(
    "protocol",
    `this way to the browser has no means for ${what}; use Chromium or Edge with BROWSER_PROTOCOL=cdp`,
  );
}
