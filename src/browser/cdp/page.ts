import { firstOf } from "../../async/first-of.js";
import {
  isGone,
  PageError,
  windowAfter,
  type Dialog,
  type DialogAnswer,
  type Key,
  type Page,
  type PageElement,
  type PageWindow,
  type Patience,
  type PendingNavigation,
  type PointerAction,
} from "../../runner/ports.js";
import { abortable, Change } from "../../async/abortable.js";
import { afterTask } from "../after-task.js";
import { SOURCE } from "../page-functions.generated.js";
import { VIEWPORT } from "../devtools-emulation.js";
import type { DevTools } from "../devtools-protocol.js";
import { callIn, isDocumentReplaced, pageErrorOf } from "./calls.js";
import type { CdpSession } from "./connection.js";
import type { BrowserClipboard } from "./browser-clipboard.js";
import { CdpClipboard } from "./clipboard.js";
import { callInFrame, type FrameCall } from "./call-in-frame.js";
import { CdpCookies } from "./cookies.js";
import { SessionDialogs } from "./dialogs.js";
import type { CdpDownloads } from "./downloads.js";
import { CdpElement, elementOf } from "./element.js";
import { CdpFiles, type FileWindow } from "./files.js";
import type { CdpFrame, World } from "./frame.js";
import { CdpEmulation } from "./emulation.js";
import { FrameIds } from "./frames.js";
import { lookAt, type Look } from "./look.js";
import { navigate, reload, traverseHistory } from "./navigation.js";
import { CdpNetwork } from "./network.js";
import { CdpPictures } from "./pictures.js";
import { placing } from "./placing.js";
import { CdpRecords } from "./records.js";
import { CdpWindow, type WindowSurroundings } from "./window.js";

type Inherited = "connection" | "isMac" | "ignoreCertificateErrors" | "explain";

export interface CdpPageOptions extends Pick<WindowSurroundings, Inherited> {
  browserContextId: string;
  /** Addresses, as `Fetch.enable` takes them, that no window may load. */
  refusedUrls: readonly string[];
  downloads: CdpDownloads;
  /** The clipboard that all contexts of the browser have together. */
  browserClipboard: BrowserClipboard;
  /** Brings a file of this machine to the browser's, and answers with its path there. */
  fileThere: (path: string) => Promise<string>;
}

type InputWork = (window: CdpWindow, until: AbortSignal) => Promise<void>;

/** The windows of one browser context, driven over the Chrome DevTools Protocol. */
export class CdpPage implements Page {
  readonly records: CdpRecords;
  readonly cookies: CdpCookies;
  readonly emulation: CdpEmulation;
  readonly network: CdpNetwork;
  readonly files: CdpFiles;
  readonly clipboard: CdpClipboard;
  readonly pictures: CdpPictures;
  /** The frames of every window there was. */
  readonly frameIds = new FrameIds();
  readonly #options: CdpPageOptions;
  readonly #root: CdpSession;
  readonly #dialogs = new SessionDialogs();
  /** In the order of opening. */
  readonly #windows = new Map<string, CdpWindow>();
  readonly #windowsChanged = new Change();
  /** The current one. */
  #window: CdpWindow | undefined;
  /** The current frame, in the current window. */
  #frame: CdpFrame | undefined;
  /** Resolves when it is known whether the last input has begun a navigation. */
  #settling: Promise<void> | undefined;

  constructor(options: CdpPageOptions) {
    this.#options = options;
    this.#root = options.connection.root;
    const lists = { dialogs: this.#dialogs.records, downloads: options.downloads.records };
    this.records = new CdpRecords(lists, options.explain);
    const { browserContextId } = options;
    this.clipboard = new CdpClipboard({
      browser: options.browserClipboard,
      window: () => this.#current,
      settled: (signal) => this.#settled(signal),
    });
    const context = { root: this.#root, browserContextId };
    this.cookies = new CdpCookies({ ...context, current: () => this.#current.session });
    this.emulation = new CdpEmulation({ ...context, windows: () => [...this.#windows.values()] });
    const { refusedUrls } = options;
    const records = this.records.network;
    this.network = new CdpNetwork({ refusedUrls, records, sessions: () => this.sessions });
    this.files = new CdpFiles({
      window: () => this.#fileWindow(),
      fileThere: options.fileThere,
      attempt: (work) => this.#attempt(work),
    });
    this.pictures = new CdpPictures({
      window: () => this.#current,
      frame: () => this.#currentFrame,
      isAlone: () => this.#windows.size === 1,
      attempt: (work) => this.#attempt(work),
    });
  }

  /** Takes over a window that has opened. */
  addWindow(id: string, session: CdpSession): void {
    const { records, frameIds, emulation, network, clipboard } = this;
    const dialogs = this.#dialogs;
    const surroundings = { ...this.#options, records, frameIds, emulation, network, clipboard, dialogs };
    this.#windows.set(id, new CdpWindow(id, session, surroundings));
    this.#windowsChanged.notify();
  }

  /** @returns whether it was one of these windows */
  removeWindow(session: CdpSession): boolean {
    const window = [...this.#windows.values()].find((candidate) => candidate.session === session);
    if (window === undefined) return false;
    this.#windows.delete(window.id);
    window.close(new PageError("window-closed", "the window is closed"));
    this.#windowsChanged.notify();
    return true;
  }

  /** The sessions of all its windows. */
  get sessions(): CdpSession[] {
    return [...this.#windows.values()].flatMap(({ frames }) => frames.sessions);
  }

  /** The number of the current document, among all that the windows have had. */
  get documents(): number {
    return (this.#frame && this.#currentFrame)?.world?.number ?? 0;
  }

  get pendingNavigation(): PendingNavigation | undefined {
    return this.#window?.frames.main.pending ?? (this.#frame && this.#currentFrame)?.pending;
  }

  get isInFrame(): boolean {
    return this.#frame !== undefined && this.#currentFrame.parent !== undefined;
  }

  get openDialog(): Dialog | undefined {
    return this.#window?.dialogs.open;
  }

  navigate(url: string, signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => {
      const { downloads } = this.records;
      const last = downloads.at(-1);
      await navigate(await this.#atTop(signal), url, () => downloads.at(-1) !== last, signal);
    });
  }

  traverseHistory(step: -1 | 1, signal: AbortSignal): Promise<boolean> {
    return this.#attempt(async () => traverseHistory(await this.#atTop(signal), step, signal));
  }

  reload(signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => reload(await this.#atTop(signal), signal));
  }

  async url(signal: AbortSignal): Promise<string> {
    return (await this.#look((main, until) => main.arrived(until), signal)).url;
  }

  async title(signal: AbortSignal): Promise<string> {
    return (await this.#look((main, until) => main.settled(until), signal)).title;
  }

  async call(
    functionDeclaration: string,
    argument: string,
    signal: AbortSignal,
    patience?: Patience,
  ): Promise<string> {
    const call = { functionDeclaration, argument, returnByValue: true, patience };
    const { result } = await this.#call(call, signal);
    return String(result.value);
  }

  async element(functionDeclaration: string, signal: AbortSignal): Promise<PageElement> {
    const { result, world } = await this.#call({ functionDeclaration, returnByValue: false }, signal);
    if (result.objectId !== undefined && result.subtype === "node") {
      return new CdpElement(world.session, result.objectId);
    }
    throw new PageError("document-replaced", "the element is no longer there");
  }

  pointer(actions: readonly PointerAction[], signal: AbortSignal, confirm?: string): Promise<string> {
    return this.#attempt(async () => {
      const place = await placing(this.#currentFrame, signal);
      return await this.#input(
        (window, until) => window.input.pointer(actions, place, until),
        signal,
        confirm,
      );
    });
  }

  type(text: string, signal: AbortSignal, confirm?: string): Promise<string> {
    return this.#input((window, until) => window.input.type(text, until), signal, confirm);
  }

  press(keys: readonly Key[], signal: AbortSignal, confirm?: string): Promise<string> {
    const press = () => this.#input((window, until) => window.input.press(keys, until), signal, confirm);
    return this.clipboard.press(keys, press, signal);
  }

  setFiles(element: PageElement, paths: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => {
      const { session, objectId } = elementOf(element);
      const files = await abortable(Promise.all(paths.map(this.#options.fileThere)), signal);
      await session.send("DOM.setFileInputFiles", { files, objectId }, signal);
      this.#settle(signal);
    });
  }

  get windowIds(): readonly string[] {
    return [...this.#windows.keys()];
  }

  get windowId(): string | undefined {
    return this.#window?.id;
  }

  async windows(signal: AbortSignal): Promise<PageWindow[]> {
    const looks = [...this.#windows.values()].map(async (window): Promise<PageWindow[]> => {
      try {
        return [{ id: window.id, ...(await this.#attempt(() => lookAt(window, signal))) }];
      } catch (error) {
        if (isClosed(error)) return [];
        throw error;
      }
    });
    return (await Promise.all(looks)).flat();
  }

  openWindow(signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => {
      const { browserContextId } = this.#options;
      const target = { url: "about:blank", browserContextId, newWindow: true, ...VIEWPORT };
      const { targetId } = await this.#root.send("Target.createTarget", target, signal);
      while (!this.#windows.has(targetId)) await this.#windowsChanged.next(signal);
      await this.switchWindow(targetId, signal);
    });
  }

  switchWindow(id: string, signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => {
      const window = this.#windows.get(id);
      if (window === undefined) throw new PageError("protocol", "there is no such window");
      await abortable(window.ready, signal);
      this.#enter(window);
    });
  }

  closeWindow(signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => {
      const window = this.#current;
      const next = windowAfter(window, [...this.#windows.values()]);
      await window.leave(async (until) => {
        // Not `Target.closeTarget`, which never asks the page.
        await window.session.send("Page.close", {}, until).catch((error: unknown) => {
          if (this.#windows.has(window.id)) throw error;
        });
        while (this.#windows.has(window.id)) await this.#windowsChanged.next(until);
        if (next && this.#window === window) this.#enter(next);
      }, signal);
    });
  }

  resize(size: { width: number; height: number }, signal: AbortSignal): Promise<void> {
    return this.#attempt(() => this.#current.resize(size, signal));
  }

  enterFrame(frame: PageElement, signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => {
      const { session, objectId } = elementOf(frame);
      const { node } = await session.send("DOM.describeNode", { objectId, depth: 0 }, signal);
      this.#frame = this.#current.frames.heldBy(node);
    });
  }

  leaveFrame(to: "parent" | "top"): Promise<void> {
    return this.#attempt(async () => {
      const { main } = this.#current.frames;
      this.#frame = to === "top" ? main : (this.#currentFrame.parent ?? main);
    });
  }

  dialogOpened(signal: AbortSignal): Promise<Dialog> {
    return this.#attempt(() => this.#current.dialogs.whenOpen(signal));
  }

  answerDialog(answer: DialogAnswer, signal: AbortSignal): Promise<void> {
    return this.#attempt(async () => {
      const window = this.#current;
      const isQuestion = window.dialogs.open?.kind === "beforeunload";
      await window.dialogs.answer(answer, signal).catch((error: unknown) => {
        // A window that closes with the answer may not confirm it.
        if (!isQuestion || this.#windows.has(window.id)) throw error;
      });
      if (isQuestion) await window.afterAnswer(answer.accept, signal);
      this.#settle(signal);
    });
  }

  armDialog(answer: DialogAnswer | undefined): void {
    if (answer) this.#dialogs.armed.push(answer);
    else this.#dialogs.armed.length = 0;
  }

  downloadChanged(signal: AbortSignal): Promise<void> {
    return this.#attempt(() => this.#options.downloads.changed.next(signal));
  }

  screenshot(signal: AbortSignal): Promise<Uint8Array> {
    return this.pictures.lossy("jpeg", signal);
  }

  videoFrame(signal: AbortSignal): Promise<Uint8Array> {
    return this.pictures.lossy("webp", signal);
  }

  source(signal: AbortSignal): Promise<string> {
    return this.call(SOURCE, "", signal);
  }

  get #current(): CdpWindow {
    if (this.#window === undefined) throw new PageError("window-closed", "no window has been opened");
    return this.#window;
  }

  /** Goes on in the frame around the one whose surroundings were replaced. */
  get #currentFrame(): CdpFrame {
    while (this.#frame?.isLeft) this.#frame = this.#frame.parent;
    return this.#frame ?? this.#current.frames.main;
  }

  #fileWindow(): FileWindow {
    const { session, frames, choosers } = this.#current;
    return {
      session,
      sessions: frames.sessions,
      choosers,
      place: (signal) => placing(this.#currentFrame, signal),
      settle: (signal) => {
        this.#settle(signal);
      },
    };
  }

  #enter(window: CdpWindow): void {
    this.#window = window;
    this.#frame = window.frames.main;
  }

  /** Answers with the window, at its top frame, once it is known whether the last input has begun a navigation. */
  async #atTop(signal: AbortSignal): Promise<CdpWindow> {
    await this.#settled(signal);
    this.#frame = this.#current.frames.main;
    return this.#current;
  }

  /** Calls a function, and again in the next document when the last input has left the one that it was called in. */
  async #call(
    call: FrameCall,
    signal: AbortSignal,
  ): Promise<{ result: DevTools.Runtime.RemoteObject; world: World }> {
    try {
      for (;;) {
        const frame = this.#currentFrame;
        const { sideChannel } = this.#current;
        const world = await frame.ready(signal, call.patience);
        const settling = this.#settling;
        const called = callInFrame({ frame, world, sideChannel }, call, signal);
        const result = await called.catch((error: unknown) => {
          if (settling === undefined || !(isDocumentReplaced(error) || frame.isLeft)) throw error;
          return undefined;
        });
        if (settling) await abortable(settling, signal);
        const isLeft = settling !== undefined && (frame.world !== world || frame.isNavigating);
        if (result !== undefined && !isLeft) return { result, world };
      }
    } catch (error) {
      throw pageErrorOf(error);
    }
  }

  /** Looks at the window as soon as its navigation has come so far. */
  #look(soFar: (main: CdpFrame, until: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<Look> {
    return this.#attempt(async () => {
      const window = this.#current;
      await this.#settled(signal);
      await window.unlessBlocked((until) => soFar(window.frames.main, until), signal);
      return await lookAt(window, signal);
    });
  }

  /** Sends input, and resolves when the page has dealt with it or a dialog blocks it; see {@link Page.pointer}. */
  async #input(work: InputWork, signal: AbortSignal, confirm?: string): Promise<string> {
    const window = this.#current;
    const frame = this.#currentFrame;
    const { world } = frame;
    let answer = "";
    frame.throwIfGone();
    try {
      await window.unlessBlocked(async (until) => {
        await work(window, until);
        const isConfirmed = confirm !== undefined && world !== undefined && frame.world === world;
        const confirming = isConfirmed ? this.#unlessLeft(world, confirm, until) : "";
        this.#settle(signal);
        answer = await confirming;
      }, signal);
    } catch (error) {
      // A click that leaves the page, or takes its frame or window away, may lose them before the browser has answered.
      const known = pageErrorOf(error);
      if (!isGone(known)) throw known;
    }
    return answer;
  }

  /**
   * Has the page answer once it has dealt with its input. The browser may tell of input before it tells of the
   * navigation that the page begins at it; the page's own answer comes after both.
   */
  #settle(signal: AbortSignal): void {
    const { world } = this.#currentFrame;
    if (world === undefined) return;
    const answer = (until: AbortSignal) => this.#unlessLeft(world, afterTask(), until);
    const settling = this.#current
      .unlessBlocked(answer, signal)
      // The next call to the page tells what is wrong with it.
      .catch(() => undefined)
      .then(() => {
        if (this.#settling === settling) this.#settling = undefined;
      });
    this.#settling = settling;
  }

  async #settled(signal: AbortSignal): Promise<void> {
    if (this.#settling) await abortable(this.#settling, signal);
  }

  /** Calls a function; while a document is being left the browser gives it no calls, and the answer is empty. */
  #unlessLeft(world: World, functionDeclaration: string, signal: AbortSignal): Promise<string> {
    const leaving = [this.#currentFrame, this.#current.frames.main].map(
      (frame) => async (until: AbortSignal) => {
        await frame.leaving(until);
        return "";
      },
    );
    const call = async (until: AbortSignal) =>
      String((await callIn(world, functionDeclaration, { returnByValue: true }, until)).value);
    const frame = this.#currentFrame;
    const left = (until: AbortSignal) => frame.whenLeft(until).catch(() => "");
    return firstOf(signal, call, ...leaving, ...(frame.parent === undefined ? [] : [left]));
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await abortable(work(), this.#root.ended);
    } catch (error) {
      throw pageErrorOf(error);
    }
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof PageError && error.kind === "window-closed";
}
