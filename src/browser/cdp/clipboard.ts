import { randomUUID } from "node:crypto";
import { PageError, type Key, type PageClipboard } from "../../runner/ports.js";
import { abortable, Change } from "../../async/abortable.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { BrowserClipboard } from "./browser-clipboard.js";
import { callIn, pageErrorOf } from "./calls.js";
import {
  ANNOUNCE,
  ANSWER,
  clipboardScript,
  ownWorldScript,
  WITHDRAW,
  type ClipboardMessage,
  type Copied,
} from "./clipboard-scripts.js";
import type { CdpSession } from "./connection.js";
import type { World } from "./frame.js";

/** Most attempts at a paste while other runs of the browser copy in that very moment. */
const PASTE_ATTEMPTS = 10;
/** Longest wait for a call that copies to come to its end, in milliseconds. */
const COPYING_MS = 1_000;

/** The document that tells of its clipboard. */
interface Teller {
  session: CdpSession;
  contextId: number;
}

interface ClipboardWindow {
  readonly frames: { readonly all: readonly { readonly world: World | undefined }[] };
  /** Does work with the page until a dialog blocks it. */
  unlessBlocked(work: (until: AbortSignal) => Promise<unknown>, signal: AbortSignal): Promise<void>;
}

export interface CdpClipboardOptions {
  browser: BrowserClipboard;
  /** The current one. */
  window: () => ClipboardWindow;
  /** Resolves once the page has dealt with the input before, and so has told what it copied. */
  settled: (signal: AbortSignal) => Promise<void>;
}

/**
 * The clipboard of one session. It holds what the session's pages have copied, as they tell it; a paste puts that into
 * the browser's clipboard first, and a document takes no paste of anything else, so that nothing that another run has
 * copied ever reaches a page.
 */
export class CdpClipboard implements PageClipboard {
  readonly #options: CdpClipboardOptions;
  /** Nobody but our own scripts knows by which events they speak. */
  readonly #channel = `clipboard-${randomUUID()}`;
  readonly #changed = new Change();
  #copied: Copied = {};
  /** Calls that copy and have not come to their end. */
  #under = 0;
  /** True while the browser's clipboard is this session's. */
  #isInTurn = false;

  constructor(options: CdpClipboardOptions) {
    this.#options = options;
  }

  /** The script for the runner's world of each document. */
  get script(): string {
    return clipboardScript(this.#channel);
  }

  /** The script for the page's own world of each document. */
  get ownWorldScript(): string {
    return ownWorldScript(this.#channel);
  }

  /** A document tells of its clipboard. @param payload a message, as JSON */
  told(payload: string, teller: Teller): void {
    const message = JSON.parse(payload) as ClipboardMessage; // Written by our script, in its own world.
    if ("asked" in message) this.#answer(message.asked, teller);
    else if ("copied" in message) this.#copy(message);
    else if ("began" in message) this.#under++;
    else this.#end(message.ended);
  }

  async read(signal: AbortSignal): Promise<string> {
    await this.#known(signal);
    return this.#copied["text/plain"] ?? "";
  }

  write(text: string): Promise<void> {
    this.#copied = { "text/plain": text };
    return Promise.resolve();
  }

  /** Presses keys; those that copy or paste when no other session does. */
  press(keys: readonly Key[], press: () => Promise<string>, signal: AbortSignal): Promise<string> {
    const use = useOf(keys);
    if (use === undefined) return press();
    const pressed = use === "copy" ? this.#copyBy(press, signal) : this.#pasteBy(press, signal);
    return pressed.catch((error: unknown) => {
      throw pageErrorOf(error);
    });
  }

  async #copyBy(press: () => Promise<string>, signal: AbortSignal): Promise<string> {
    return await this.#inTurn(async () => {
      const pressed = await press();
      await this.#options.settled(signal);
      await this.#known(signal);
      return pressed;
    }, signal);
  }

  async #pasteBy(press: () => Promise<string>, signal: AbortSignal): Promise<string> {
    await this.#options.settled(signal);
    await this.#known(signal);
    return await this.#inTurn(async () => {
      for (let attempt = 1; ; attempt++) {
        const { pressed, isRefused } = await this.#attempt(press, signal);
        if (!isRefused || attempt === PASTE_ATTEMPTS) return pressed;
      }
    }, signal);
  }

  /** @returns whether another run has copied between the filling and the keys, so that nothing was pasted */
  async #attempt(press: () => Promise<string>, signal: AbortSignal) {
    const { browser, window } = this.#options;
    const current = window();
    const worlds = () => current.frames.all.flatMap(({ world }) => world ?? []);
    const argument = this.#copied["text/plain"] ?? "";
    await browser.fill(this.#copied, signal);
    await current.unlessBlocked((until) => callAll(worlds(), ANNOUNCE, { argument, signal: until }), signal);
    const pressed = await press();
    const refusals: boolean[] = [];
    await current.unlessBlocked(async (until) => {
      refusals.push(await callAll(worlds(), WITHDRAW, { signal: until }));
    }, signal);
    return { pressed, isRefused: refusals.includes(true) };
  }

  async #inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return await this.#options.browser.inTurn(async () => {
      this.#isInTurn = true;
      try {
        return await work();
      } finally {
        this.#isInTurn = false;
      }
    }, signal);
  }

  #copy({ copied, isNative }: { copied: Copied; isNative: boolean }): void {
    this.#copied = copied;
    if (!isNative) return;
    this.#under++;
    this.#complete(copied)
      // The text is there all the same.
      .catch(() => undefined)
      .finally(() => {
        this.#end(null);
      });
  }

  /** Looks in which other forms the browser has copied a selection, unless another run has copied since. */
  async #complete(copied: Copied): Promise<void> {
    const signal = timeoutSignal(COPYING_MS);
    const { browser } = this.#options;
    const read = () => browser.read(signal);
    const all = await (this.#isInTurn ? read() : browser.inTurn(read, signal));
    const isSame = all["text/plain"] === copied["text/plain"];
    if (isSame && this.#copied === copied) this.#copied = all;
  }

  #end(copied: Copied | null): void {
    if (copied !== null) this.#copied = copied;
    this.#under = Math.max(0, this.#under - 1);
    this.#changed.notify();
  }

  /** Resolves once it is known what was copied last. A document that has gone may never tell the end of its call. */
  async #known(signal: AbortSignal): Promise<void> {
    if (this.#under === 0) return;
    const patience = AbortSignal.any([signal, timeoutSignal(COPYING_MS)]);
    const ended = async () => {
      while (this.#under > 0) await this.#changed.next(patience);
    };
    await ended().catch(() => {
      signal.throwIfAborted();
      this.#under = 0;
    });
  }

  #answer(id: number, { session, contextId }: Teller): void {
    const signal = timeoutSignal(COPYING_MS);
    const answered = async () => {
      await this.#known(signal);
      const argument = JSON.stringify({ id, texts: this.#copied });
      await callIn({ session, contextId }, ANSWER, { argument, returnByValue: true }, signal);
    };
    // A document that has gone needs no answer.
    answered().catch(() => undefined);
  }
}

/** @returns whether one of the documents has refused a paste */
async function callAll(
  worlds: readonly World[],
  functionDeclaration: string,
  { argument = "", signal }: { argument?: string; signal: AbortSignal },
): Promise<boolean> {
  const calls = worlds.map(async (world) => {
    const call = callIn(world, functionDeclaration, { argument, returnByValue: true }, signal);
    // A document that goes meanwhile takes no paste.
    const answer = await call.catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof PageError) throw error;
      return undefined;
    });
    return answer?.value === "true";
  });
  return (await abortable(Promise.all(calls), signal)).includes(true);
}

/** The keys by which people copy and paste, on whatever system. */
function useOf(keys: readonly Key[]): "copy" | "paste" | undefined {
  const held = keys.slice(0, -1);
  const last = keys.at(-1)?.toLowerCase();
  if (last === undefined || held.length === 0) return undefined;
  const isShortcut = held.includes("Control") || held.includes("Meta");
  const isShifted = held.includes("Shift");
  if ((isShortcut && last === "v") || (isShifted && last === "insert")) return "paste";
  const copies = ["c", "x", "insert"].includes(last);
  return (isShortcut && copies) || (isShifted && last === "delete") ? "copy" : undefined;
}
