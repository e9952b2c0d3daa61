import type { WebDriver } from "selenium-webdriver";
import { Command, Name } from "selenium-webdriver/lib/command.js";
import { firstOf } from "../../async/first-of.js";
import {
  isGone,
  isDocumentReplaced,
  PageError,
  type Dialog,
  type DialogAnswer,
  type Key,
  type Page,
  type PageElement,
  type PageWindow,
  type Point,
  type PointerAction,
} from "../../runner/ports.js";
import { pause } from "../../async/abortable.js";
import { afterTask } from "../after-task.js";
import { bitsOf } from "../modifiers.js";
import { SOURCE } from "../page-functions.generated.js";
import type { Explain } from "../../hosts/proxy.js";
import type { BidiConnection } from "./bidi-connection.js";
import { ClassicCalls } from "./calls.js";
import { ClassicClipboard } from "./clipboard.js";
import { ClassicCookies } from "./cookies.js";
import { ClassicDialogs } from "./dialogs.js";
import { isDialogOpen, pageErrorOf, type ClassicDriver } from "./driver.js";
import { ClassicEmulation } from "./emulation.js";
import { chordSource, ClassicPointer, KEYS_A_COMMAND, keyStrokes, typingSources } from "./input.js";
import { ClassicFiles } from "./files.js";
import { HeldKeys } from "./held-keys.js";
import { ClassicLogs } from "./logs.js";
import { ClassicNavigation } from "./navigation.js";
import { ClassicNetwork } from "./network.js";
import { ClassicPictures } from "./pictures.js";
import { partsOf, type MouseAction, type MousePart } from "./pointer-parts.js";
import { ClassicRecords } from "./records.js";
import type { ClassicFrames } from "./frames.js";
import { TITLE_FUNCTION } from "./scripts.js";
import { executeCommand, uploadFile } from "./vendor.js";
import { ClassicWindows } from "./windows.js";

/** Greatest age of the records while the page is worked with, in milliseconds. */
const RECORDS_AGE_MS = 500;
/** Time between two looks at the downloads while somebody waits for one, in milliseconds. */
const DOWNLOAD_LOOK_MS = 100;

/** Time between two looks at a window that is about to close, in milliseconds. */
const CLOSE_LOOK_MS = 20;

/** The time by the browser's clock, in milliseconds since the epoch. */
const CLOCK = "() => String(Date.now())";

/** Longest wait for an answer to input, in milliseconds; a document that is being left may give none. */
const SETTLE_MS = 2_000;

export interface ClassicPageOptions {
  driver: ClassicDriver;
  explain: Explain;
  /** The frames in which scripts of the runner's own run. */
  frames: ClassicFrames;
  /** The session's own WebSocket, where the driver offers one. */
  connection: BidiConnection | undefined;
  isChromium: boolean;
  /** True when the browser runs on macOS. */
  isMac: boolean;
  /** True when the browser is on another machine. */
  isRemote: boolean;
  /** The browser's folder for downloads, when it is on this machine. */
  downloads: string | undefined;
}

/**
 * The windows of one browser session, driven with nothing but classic WebDriver, so that an old Grid and Firefox
 * work too: https://www.w3.org/TR/webdriver2/. Some commands of Chromium's driver fill gaps of the standard; other
 * browsers go without.
 */
export class ClassicPage implements Page {
  readonly records: ClassicRecords;
  readonly cookies: ClassicCookies;
  readonly emulation: ClassicEmulation;
  readonly network: ClassicNetwork;
  readonly files: ClassicFiles;
  readonly clipboard = new ClassicClipboard();
  readonly pictures: ClassicPictures;
  readonly #driver: ClassicDriver;
  readonly #options: ClassicPageOptions;
  readonly #windows: ClassicWindows;
  readonly #pointer: ClassicPointer;
  readonly #keys: HeldKeys;
  readonly #dialogs: ClassicDialogs;
  readonly #calls: ClassicCalls;
  readonly #navigation: ClassicNavigation;
  /** Waits for what follows when the page may be left. */
  #afterLeaving: ((signal: AbortSignal) => Promise<void>) | undefined;

  private constructor(options: ClassicPageOptions) {
    const { driver, isChromium, frames, explain } = options;
    this.#options = options;
    this.#driver = driver;
    const logs = new ClassicLogs({ isThere: isChromium, explain });
    const unit = <T>(work: (session: WebDriver) => Promise<T>, signal: AbortSignal) =>
      this.#unit(work, signal);
    this.cookies = new ClassicCookies(unit, { isChromium });
    this.emulation = new ClassicEmulation(unit, {
      isChromium,
      changed: (session, what) => this.#windows.surroundingsChanged(session, what),
    });
    this.pictures = new ClassicPictures(unit, { frames, isChromium });
    this.#windows = new ClassicWindows(isChromium, frames, this.emulation);
    this.#pointer = new ClassicPointer({ comesAnew: !isChromium });
    const send = (source: object, signal: AbortSignal) =>
      this.#unit((session) => performActions(session, [source]), signal);
    this.#keys = new HeldKeys(send, { isMac: options.isMac });
    const dialogs = (this.#dialogs = new ClassicDialogs(driver, logs));
    const records = new ClassicRecords({ driver, logs, dialogs: dialogs.records, folder: options.downloads });
    this.records = records;
    const clock = options.isRemote ? (until: AbortSignal) => this.call(CLOCK, "", until) : undefined;
    this.network = new ClassicNetwork({ records, clock, connection: options.connection });
    this.files = new ClassicFiles({
      isChromium,
      unit: (unit, signal) => this.#unit(unit, signal),
      choosers: async (signal) => {
        await records.refresh(signal);
        return records.choosers;
      },
      there: (session, paths) => this.#filesThere(session, paths),
      place: (session) => frames.placing(session),
      settle: async (signal) => {
        await this.#dialogs.look(signal);
        if (!this.openDialog) await this.#settle(signal);
      },
    });
    const waitsForNavigation = isChromium;
    const windows = this.#windows;
    const calls = (this.#calls = new ClassicCalls(driver, dialogs, {
      waitsForNavigation,
      windows,
      frames,
      records,
    }));
    const parts = { driver, calls, dialogs, records, explain, waitsForNavigation };
    this.#navigation = new ClassicNavigation(parts);
  }

  static async open(options: ClassicPageOptions, signal: AbortSignal): Promise<ClassicPage> {
    const page = new ClassicPage(options);
    await page.#unit((driver) => page.#windows.begin(driver), signal);
    page.#dialogs.watch();
    return page;
  }

  /** The driver itself waits for a navigation, and does not tell of it. */
  get pendingNavigation(): undefined {
    return undefined;
  }

  get documents(): number {
    return this.#calls.documents;
  }

  get isExposed(): boolean {
    return this.#options.frames.isExposed;
  }

  get isInFrame(): boolean {
    return this.#windows.isInFrame;
  }

  get openDialog(): Dialog | undefined {
    return this.#dialogs.open;
  }

  async navigate(url: string, signal: AbortSignal): Promise<void> {
    await this.leaveFrame("top", signal);
    await this.#navigation.navigate(url, signal);
    this.#noteLeaving();
  }

  async traverseHistory(step: -1 | 1, signal: AbortSignal): Promise<boolean> {
    await this.leaveFrame("top", signal);
    const hasPage = await this.#navigation.traverse(step, signal);
    this.#noteLeaving();
    return hasPage;
  }

  async reload(signal: AbortSignal): Promise<void> {
    await this.leaveFrame("top", signal);
    await this.#navigation.reload(signal);
    this.#noteLeaving();
  }

  /** A question whether to leave the page has held the navigation up; with a yes it goes on. */
  #noteLeaving(): void {
    if (this.openDialog?.kind !== "beforeunload") return;
    this.#afterLeaving = (until) => this.#navigation.goOn(until);
  }

  async url(signal: AbortSignal): Promise<string> {
    // While a dialog is open, the browser answers nothing and its page cannot go anywhere.
    if (this.openDialog) return this.#calls.lastUrl;
    // The page is asked, because a driver's own way waits for a navigation under way, and cannot be cancelled.
    const url = this.#windows.isInFrame ? "" : await this.#calls.read("() => location.href", signal);
    return /^https?:/.test(url) ? url : await this.#unit((driver) => driver.getCurrentUrl(), signal);
  }

  async title(signal: AbortSignal): Promise<string> {
    if (!this.#windows.isInFrame) return await this.#calls.read(TITLE_FUNCTION, signal);
    const title = await this.#unit(
      (driver) => this.#options.frames.callAtTop(driver, TITLE_FUNCTION, []),
      signal,
    );
    return title ?? "";
  }

  async call(functionDeclaration: string, argument: string, signal: AbortSignal): Promise<string> {
    const value = await this.#calls.call(functionDeclaration, argument, signal);
    if (performance.now() - this.records.refreshedAt > RECORDS_AGE_MS) await this.records.refresh(signal);
    return value;
  }

  async element(functionDeclaration: string, signal: AbortSignal): Promise<PageElement> {
    const { frames } = this.#options;
    const element = await this.#unit((driver) => frames.element(driver, functionDeclaration), signal);
    if (element === null) throw new PageError("document-replaced", "the element is no longer there");
    return element;
  }

  async pointer(actions: readonly PointerAction[], signal: AbortSignal, confirm?: string): Promise<string> {
    await this.#keys.letGo(signal);
    const parts = partsOf(actions);
    const last = parts.findLastIndex(({ kind }) => kind !== "keys");
    let answer = "";
    let done = 0;
    try {
      for (const part of parts) {
        if (part.kind === "keys") await this.#keys.act(part.action, signal);
        else answer = await this.#inPointerParts(part, signal, done === last ? confirm : undefined);
        if (this.openDialog) break;
        done++;
      }
    } finally {
      if (parts.slice(done).some(({ kind }) => kind === "keys")) this.#keys.miss();
    }
    return answer;
  }

  #inPointerParts({ actions }: MousePart, signal: AbortSignal, confirm?: string): Promise<string> {
    const send = (some: MouseAction[], last?: string) => this.#point(some, signal, last);
    return this.#inParts(actions, actions.length, send, confirm);
  }

  async type(text: string, signal: AbortSignal, confirm?: string): Promise<string> {
    await this.#keys.letGo(signal);
    const send = (part: string[], last?: string) =>
      this.#input((driver) => performActions(driver, typingSources(part)), signal, last);
    return await this.#inParts(keyStrokes(text), KEYS_A_COMMAND, send, confirm);
  }

  async press(keys: readonly Key[], signal: AbortSignal, confirm?: string): Promise<string> {
    await this.#keys.letGo(signal);
    const source = chordSource(keys);
    return await this.#input((driver) => performActions(driver, [source]), signal, confirm);
  }

  async setFiles(element: PageElement, paths: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#unit(async (driver) => {
      await this.#options.frames.setFiles(driver, element, await this.#filesThere(driver, paths));
    }, signal);
    if (!this.openDialog) await this.#settle(signal);
  }

  get windowIds(): readonly string[] {
    return this.#windows.ids;
  }

  get windowId(): string {
    return this.#windows.current;
  }

  windows(signal: AbortSignal): Promise<PageWindow[]> {
    return this.#unit((driver) => this.#windows.list(driver), signal);
  }

  openWindow(signal: AbortSignal): Promise<void> {
    return this.#move((driver) => this.#windows.open(driver), signal);
  }

  switchWindow(id: string, signal: AbortSignal): Promise<void> {
    return this.#move((driver) => this.#windows.switchTo(driver, id), signal);
  }

  async closeWindow(signal: AbortSignal): Promise<void> {
    const { isChromium } = this.#options;
    await this.#move((driver) => this.#windows.close(driver), signal);
    if (isChromium) await this.#goToNext(signal);
  }

  /** Goes on in the next window once the current one has closed. Its page may ask whether to leave it. */
  async #goToNext(signal: AbortSignal): Promise<void> {
    while (!(await this.#unit((driver) => this.#windows.goToNext(driver), signal))) {
      if (await this.#dialogs.look(signal)) {
        this.#afterLeaving = (until) => this.#goToNext(until);
        return;
      }
      await pause(CLOSE_LOOK_MS, signal);
    }
    this.#calls.forgetDocument();
  }

  resize(size: { width: number; height: number }, signal: AbortSignal): Promise<void> {
    return this.#unit((driver) => this.#windows.resize(driver, size), signal);
  }

  async enterFrame(frame: PageElement, signal: AbortSignal): Promise<void> {
    const top = this.#windows.isInFrame ? undefined : await this.#calls.askDocument(signal);
    await this.#move((driver) => this.#windows.enterFrame(driver, frame, top?.document), signal);
  }

  async leaveFrame(to: "parent" | "top", signal: AbortSignal): Promise<void> {
    if (this.#windows.isInFrame) await this.#move((driver) => this.#windows.leaveFrame(driver, to), signal);
  }

  dialogOpened(signal: AbortSignal): Promise<Dialog> {
    return this.#dialogs.whenOpen(signal);
  }

  async answerDialog(answer: DialogAnswer, signal: AbortSignal): Promise<void> {
    const isQuestion = this.openDialog?.kind === "beforeunload";
    const afterLeaving = this.#afterLeaving;
    this.#afterLeaving = undefined;
    await this.#dialogs.answer(answer, signal);
    if (isQuestion && answer.accept) await (afterLeaving ?? ((until) => this.#settle(until)))(signal);
    else if (!this.openDialog) await this.#settle(signal);
  }

  armDialog(answer: DialogAnswer | undefined): void {
    this.#dialogs.arm(answer);
  }

  async downloadChanged(signal: AbortSignal): Promise<void> {
    const before = JSON.stringify(this.records.downloads);
    for (;;) {
      await this.records.refresh(signal);
      if (JSON.stringify(this.records.downloads) !== before) return;
      await pause(DOWNLOAD_LOOK_MS, signal);
    }
  }

  /** A JPEG, or a PNG from browsers whose drivers have nothing else. */
  async screenshot(signal: AbortSignal): Promise<Uint8Array> {
    if (this.openDialog) throw new PageError("protocol", "a dialog covers the page");
    const picture = await this.pictures.lossy(signal);
    await this.records.refresh(signal);
    return picture;
  }

  async source(signal: AbortSignal): Promise<string> {
    const source = await this.#calls.read(SOURCE, signal);
    await this.records.refresh(signal);
    return source;
  }

  /** The files as the browser's machine has them. */
  async #filesThere(driver: WebDriver, paths: readonly string[]): Promise<string[]> {
    if (!this.#options.isRemote) return [...paths];
    const there: string[] = [];
    for (const path of paths) there.push(await uploadFile(driver, path));
    return there;
  }

  /**
   * Sends input in parts of a command each, until a dialog opens. A dialog swallows the input that was sent along; one
   * that is expected may open at any key or action.
   *
   * @param most number of elements of the input that go into one command
   * @param send gets `confirm` with the last part only
   */
  async #inParts<T>(
    input: readonly T[],
    most: number,
    send: (part: T[], confirm?: string) => Promise<string>,
    confirm?: string,
  ): Promise<string> {
    for (const rest = [...input]; ;) {
      const part = rest.splice(0, this.#dialogs.isArmed ? 1 : most);
      const isLast = rest.length === 0;
      const answer = await send(part, isLast ? confirm : undefined);
      if (isLast || this.openDialog) return answer;
    }
  }

  async #point(actions: readonly MouseAction[], signal: AbortSignal, confirm?: string): Promise<string> {
    const input = { actions, modifiers: bitsOf(this.#keys.held) };
    const hasMove = actions.some(({ type }) => type === "move");
    const { frames } = this.#options;
    const perform = async (driver: WebDriver) => {
      const left = await frames.point(driver, input);
      if (left === undefined) return;
      if (actions[0]?.type === "wheel") {
        await performActions(driver, [this.#pointer.wheelSource(actions)]);
        return;
      }
      const place = hasMove ? await frames.placing(driver) : (point: Point) => point;
      await performActions(driver, [this.#pointer.source(actions, place, left.from)]);
    };
    return await this.#input(perform, signal, confirm);
  }

  async #input(
    perform: (driver: WebDriver) => Promise<void>,
    signal: AbortSignal,
    confirm?: string,
  ): Promise<string> {
    try {
      await this.#unit(async (driver) => {
        await perform(driver);
        await this.#windows.look(driver);
      }, signal);
    } catch (error) {
      // A click that leaves the page may lose the document before the driver has confirmed the release.
      if (!isDocumentReplaced(error)) throw error;
    }
    await this.#dialogs.look(signal);
    return this.openDialog ? "" : await this.#settle(signal, confirm);
  }

  /** Waits until the page has dealt with its input, or a dialog blocks it; see {@link Page.pointer}. */
  async #settle(signal: AbortSignal, confirm?: string): Promise<string> {
    try {
      return await firstOf(
        signal,
        (until) => this.call(afterTask(confirm), "", until),
        (until) => this.#dialogs.whenOpen(until).then(() => ""),
        (until) => pause(SETTLE_MS, until).then(() => ""),
      );
    } catch (error) {
      if (!isGone(error)) throw error;
      return "";
    }
  }

  /** A unit that goes to another window or frame. */
  async #move(unit: (driver: WebDriver) => Promise<void>, signal: AbortSignal): Promise<void> {
    await this.#unit(unit, signal);
    this.#calls.forgetDocument();
  }

  /** Sends commands once no dialog is in their way. */
  async #unit<T>(unit: (driver: WebDriver) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      if (this.openDialog) await this.#dialogs.whenClosed(signal);
      try {
        return await this.#driver.send(unit, signal);
      } catch (error) {
        if (!isDialogOpen(error)) throw pageErrorOf(error);
        await this.#dialogs.look(signal);
      }
    }
  }
}

async function performActions(driver: WebDriver, sources: object[]): Promise<void> {
  await executeCommand(driver, new Command(Name.ACTIONS).setParameter("actions", sources));
}
