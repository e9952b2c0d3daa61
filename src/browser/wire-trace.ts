import type { Logger } from "pino";
import { shortened } from "./shortened-message.js";

/** A command on its way out. */
export interface TracedCommand {
  id: number;
  sessionId?: string | undefined;
  method: string;
  params: object;
}

/** An answer or an event, of DevTools or of WebDriver BiDi. */
interface TracedMessage {
  id?: number | null;
  sessionId?: string;
  method?: string;
  params?: object;
  result?: object;
  /** DevTools' error, or BiDi's code of one. */
  error?: { code?: number; message?: string } | string;
}

/** A command of DevTools that goes over BiDi, inside one of BiDi's own. */
const DEVTOOLS_OVER_BIDI = "goog:cdp.sendCommand";

interface UnderWay {
  method: string;
  session: string | undefined;
  isInner: boolean;
  /** Time when it was sent, on the process's clock in milliseconds. */
  at: number;
}

/**
 * Writes every command, answer and event of a socket to the log, at level `trace`: method, number, session and how long
 * an answer took. Texts, values, scripts, addresses and pictures are left out, as {@link shortened} says, because only
 * the runs know which of them are secrets.
 */
export class WireTrace {
  readonly #log: Logger;
  readonly #underWay = new Map<number, UnderWay>();

  private constructor(log: Logger) {
    this.#log = log;
  }

  /** @returns nothing unless the log's level is `trace`, so that no work is done for it */
  static to(log: Logger, protocol: "devtools" | "bidi"): WireTrace | undefined {
    return log.isLevelEnabled("trace") ? new WireTrace(log.child({ protocol })) : undefined;
  }

  sent({ id, sessionId, ...rest }: TracedCommand): void {
    // The method, its parameters and its session, as BidiDevTools puts them together.
    const inner = rest.method === DEVTOOLS_OVER_BIDI ? (rest.params as TracedInner) : undefined;
    const { method, params } = inner ?? rest;
    const session = inner?.session ?? sessionId;
    this.#underWay.set(id, { method, session, isInner: inner !== undefined, at: performance.now() });
    this.#log.trace({ id, session, method, params: shortened(method, params) }, "browser command sent");
  }

  received(message: TracedMessage): void {
    const { id, sessionId: session, method = "", params = {} } = message;
    if (typeof id === "number") this.#answered(id, message);
    else this.#log.trace({ session, method, params: shortened(method, params) }, "browser event received");
  }

  #answered(id: number, { error, result = {} }: TracedMessage): void {
    const command = this.#underWay.get(id);
    if (command === undefined) return;
    this.#underWay.delete(id);
    const { method, session, isInner, at } = command;
    const ms = Math.round((performance.now() - at) * 10) / 10;
    const own = isInner ? (result as { result: object }).result : result;
    // A driver's own message may quote the page; DevTools' are constants of the browser's.
    const outcome =
      error === undefined
        ? { result: shortened(method, own) }
        : { error: typeof error === "string" ? error : error.message };
    this.#log.trace({ id, session, method, ms, ...outcome }, "browser answer received");
  }
}

interface TracedInner {
  method: string;
  params: object;
  session: string;
}
