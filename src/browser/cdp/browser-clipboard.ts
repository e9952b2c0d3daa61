import { PageError } from "../../runner/ports.js";
import { abortable } from "../../async/abortable.js";
import { CLIPBOARD_PAGE, fillClipboard, type Copied } from "./clipboard-scripts.js";
import type { CdpSession } from "./connection.js";

/** Longest time for which a session has the clipboard to itself while another waits, in milliseconds. */
const TURN_MS = 2_000;

/**
 * The one clipboard that a browser has, whatever contexts there are in it. Sessions use it in turns, to paste; what each
 * of them has copied it keeps by itself.
 */
export class BrowserClipboard {
  readonly #root: CdpSession;
  #contextId: string | undefined;
  #page: Promise<CdpSession> | undefined;
  #attached: ((session: CdpSession) => void) | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(root: CdpSession) {
    this.#root = root;
  }

  /** Takes over the page by which the clipboard is filled. @returns whether a target's context is that page's */
  takes(contextId: string | undefined, session: CdpSession): boolean {
    if (contextId === undefined || contextId !== this.#contextId) return false;
    this.#attached?.(session);
    return true;
  }

  /** Does something that needs the clipboard, once nobody else does. */
  async inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const turn = this.#tail.then(async () => {
      signal.throwIfAborted();
      return await work();
    });
    // A page that is stuck at its paste keeps nobody else waiting.
    this.#tail = endOf(this.#tail, turn);
    return await abortable(turn, signal);
  }

  /** Puts texts there in place of whatever anybody has copied. Without any it is empty. */
  async fill(copied: Copied, signal: AbortSignal): Promise<void> {
    const page = await this.#opened(signal);
    const params = { expression: fillClipboard(copied), userGesture: true };
    const { result } = await page.send("Runtime.evaluate", params, signal);
    if (result.value !== true) throw new PageError("protocol", "the browser's clipboard cannot be filled");
  }

  /** The texts that are there, whoever has copied them. */
  async read(signal: AbortSignal): Promise<Copied> {
    const page = await this.#opened(signal);
    await page.send("Runtime.evaluate", { expression: "globalThis.pasted = {}" }, signal);
    const key = { key: "Paste", commands: ["paste"] };
    await page.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key }, signal);
    await page.send("Input.dispatchKeyEvent", { type: "keyUp", key: key.key }, signal);
    const params = { expression: "globalThis.pasted", returnByValue: true };
    const { result } = await page.send("Runtime.evaluate", params, signal);
    return result.value as Copied; // Of our own page.
  }

  async #opened(signal: AbortSignal): Promise<CdpSession> {
    this.#page ??= this.#open(signal).catch((error: unknown) => {
      this.#page = undefined;
      throw error;
    });
    const page = await abortable(this.#page, signal);
    if (!page.ended.aborted) return page;
    this.#page = undefined;
    return await this.#opened(signal);
  }

  /** A page of its own, in a context of its own, where nothing of a run is. */
  async #open(signal: AbortSignal): Promise<CdpSession> {
    const { browserContextId } = await this.#root.send(
      "Target.createBrowserContext",
      { disposeOnDetach: true },
      signal,
    );
    this.#contextId = browserContextId;
    const attached = new Promise<CdpSession>((resolve) => {
      this.#attached = resolve;
    });
    const target = { url: "about:blank", browserContextId, newWindow: true };
    await this.#root.send("Target.createTarget", target, signal);
    const page = await abortable(attached, signal);
    await Promise.all([
      page.send("Emulation.setFocusEmulationEnabled", { enabled: true }, signal),
      page.send("Runtime.runIfWaitingForDebugger", {}, signal),
    ]);
    await page.send("Runtime.evaluate", { expression: CLIPBOARD_PAGE }, signal);
    return page;
  }
}

/** Resolves when a turn has ended, or has taken too long after the one before it. */
async function endOf(before: Promise<void>, turn: Promise<unknown>): Promise<void> {
  await before;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, TURN_MS).unref();
  });
  await Promise.race([turn.catch(() => undefined), late]);
  clearTimeout(timer);
}
