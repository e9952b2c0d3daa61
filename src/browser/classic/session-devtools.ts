import type { BidiConnection } from "./bidi-connection.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { DevToolsMethod, DevToolsParams, DevToolsResult } from "../devtools-protocol.js";

/** DevTools of the documents of a WebDriver session. */
export interface SessionDevTools {
  /**
   * Sends a command to the process that a frame's document is in.
   *
   * @param frame DevTools' id of the frame, which is that of its browsing context; a window has that of its top frame
   * @param options.timeoutMs longest wait for the answer
   * @throws selenium-webdriver's error, or the timeout's reason
   */
  send<M extends DevToolsMethod>(
    frame: string,
    method: M,
    params: DevToolsParams<M>,
    options: { timeoutMs: number },
  ): Promise<DevToolsResult<M>>;
  /** The frame's document may have come to be in another process. */
  forget(frame: string): void;
}

/**
 * DevTools through the session's own WebSocket, with what chromedriver adds to WebDriver BiDi:
 * https://github.com/GoogleChromeLabs/chromium-bidi#cdp
 */
export class BidiDevTools implements SessionDevTools {
  readonly #connection: BidiConnection;
  /** The DevTools session of each frame that was asked for. */
  readonly #sessions = new Map<string, string>();

  constructor(connection: BidiConnection) {
    this.#connection = connection;
  }

  /** @throws Error when the driver has no DevTools for the frame */
  async reach(frame: string, signal: AbortSignal): Promise<void> {
    await this.#sessionOf(frame, signal);
  }

  async send<M extends DevToolsMethod>(
    frame: string,
    method: M,
    params: DevToolsParams<M>,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<DevToolsResult<M>> {
    const signal = timeoutSignal(timeoutMs);
    const session = await this.#sessionOf(frame, signal);
    const command = { method, params, session };
    const { result } = await this.#connection.send("goog:cdp.sendCommand", command, signal);
    return result;
  }

  forget(frame: string): void {
    this.#sessions.delete(frame);
  }

  async #sessionOf(context: string, signal: AbortSignal): Promise<string> {
    const known = this.#sessions.get(context);
    if (known !== undefined) return known;
    const { session } = await this.#connection.send("goog:cdp.getSession", { context }, signal);
    this.#sessions.set(context, session);
    return session;
  }
}
