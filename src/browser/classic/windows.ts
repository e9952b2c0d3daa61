import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import {
  PageError,
  windowAfter,
  type EmulationChange,
  type PageElement,
  type PageWindow,
} from "../../runner/ports.js";
import { VIEWPORT, type Size } from "../devtools-emulation.js";
import type { ClassicEmulation } from "./emulation.js";
import type { ClassicFrames } from "./frames.js";
import { WINDOW_SIZES } from "../page-functions.generated.js";
import { WINDOW_FUNCTION } from "./scripts.js";
import { sendDevTools } from "./vendor.js";

/** Most attempts to give a window a size before it counts as one that cannot have it. */
const RESIZE_ATTEMPTS = 3;

/**
 * The windows of a session and the frame in which it works. Its methods are units of commands for
 * {@link ClassicDriver.send}: each leaves the driver in the frame that it was in, unless its purpose is to go to
 * another.
 */
export class ClassicWindows {
  readonly #isChromium: boolean;
  /** In the order in which they were seen first; drivers list them in any order. */
  #handles: string[] = [];
  #current = "";
  readonly #frames: ClassicFrames;
  readonly #emulation: ClassicEmulation;
  /** The window's own document as it was when a frame was entered, by its name in `scripts.ts`. */
  #topDocument: string | undefined;
  /** Windows that are as a test needs them. */
  readonly #prepared = new Set<string>();
  /** The sizes that windows were given in place of their device's. */
  readonly #given = new Map<string, Size>();

  constructor(isChromium: boolean, frames: ClassicFrames, emulation: ClassicEmulation) {
    this.#isChromium = isChromium;
    this.#emulation = emulation;
    this.#frames = frames;
  }

  /** Every window as of the last look, in the order in which they were seen first. */
  get ids(): readonly string[] {
    return this.#handles;
  }

  get current(): string {
    return this.#current;
  }

  get isInFrame(): boolean {
    return this.#frames.depth > 0;
  }

  /**
   * Takes note of the document around a frame that is gone. Another one than before leads out of its frames.
   *
   * @returns whether it is another
   */
  hasLeft(topDocument: string | undefined): boolean {
    if (topDocument === undefined || topDocument === this.#topDocument) return false;
    this.#frames.forget();
    return true;
  }

  async begin(driver: WebDriver): Promise<void> {
    this.#current = await driver.getWindowHandle();
    await this.#frames.begin(driver, this.#current);
    await this.look(driver);
    await this.#prepare(driver);
  }

  async list(driver: WebDriver): Promise<PageWindow[]> {
    await this.look(driver);
    const windows: PageWindow[] = [];
    try {
      for (const id of this.#handles) windows.push(await this.#describe(driver, id));
    } finally {
      await this.#goBack(driver);
    }
    return windows;
  }

  async open(driver: WebDriver): Promise<void> {
    await this.look(driver);
    // A tab would hide the ones before it, and a hidden page draws no frames.
    await driver.switchTo().newWindow("window");
    this.#current = await driver.getWindowHandle();
    await this.#frames.begin(driver, this.#current);
    await this.look(driver);
    await this.#prepare(driver);
  }

  async switchTo(driver: WebDriver, id: string): Promise<void> {
    await driver.switchTo().window(id);
    this.#current = id;
    await this.#frames.begin(driver, id);
    if (this.#isChromium) await sendDevTools(driver, "Page.bringToFront");
    await this.#prepare(driver);
  }

  async close(driver: WebDriver): Promise<void> {
    await this.look(driver);
    // The driver's session would end with its last window.
    if (this.#handles.length < 2) throw new PageError("protocol", "it is the only window");
    // The driver's own command never asks the page whether it may be left.
    if (this.#isChromium && (await sendDevTools(driver, "Page.close")) !== undefined) return;
    await driver.close();
    await this.goToNext(driver);
  }

  /** Goes to the window after the current one. @returns whether that has closed */
  async goToNext(driver: WebDriver): Promise<boolean> {
    const handles = this.#handles;
    await this.look(driver);
    if (this.#handles.includes(this.#current)) return false;
    const next = windowAfter(this.#current, handles);
    if (next !== undefined) await this.switchTo(driver, next);
    return true;
  }

  /** @param topDocument the window's own document, where that is the current one */
  async enterFrame(driver: WebDriver, frame: PageElement, topDocument: string | undefined): Promise<void> {
    const isFirst = !this.isInFrame;
    await this.#frames.enter(driver, frame);
    if (isFirst) this.#topDocument = topDocument;
  }

  leaveFrame(driver: WebDriver, to: "parent" | "top"): Promise<void> {
    return this.#frames.leave(driver, to === "parent" ? this.#frames.depth - 1 : 0);
  }

  async resize(driver: WebDriver, size: Size): Promise<void> {
    this.#given.set(this.#current, size);
    await this.#fit(driver);
  }

  /** The surroundings of pages have changed. The other windows have them once the run goes there again. */
  async surroundingsChanged(driver: WebDriver, what: EmulationChange["what"]): Promise<void> {
    this.#prepared.clear();
    this.#prepared.add(this.#current);
    if (what === "device") this.#given.clear();
    if (what === "device" || what === "zoom") await this.#fit(driver);
  }

  /** Gives the current window the viewport that it is to have. */
  async #fit(driver: WebDriver): Promise<void> {
    const given = this.#given.get(this.#current);
    // Chromium gives a page any viewport, whatever its window; a window has a least width.
    const metrics = this.#emulation.metrics(given);
    const isMade =
      this.#isChromium &&
      (await sendDevTools(driver, "Emulation.setDeviceMetricsOverride", metrics)) !== undefined;
    if (!isMade) await this.#resizeWindow(driver, given ?? VIEWPORT);
  }

  async #resizeWindow(driver: WebDriver, size: Size): Promise<void> {
    for (let attempt = 0; attempt < RESIZE_ATTEMPTS; attempt++) {
      const { inner, outer } = await this.#sizes(driver);
      if (inner.width === size.width && inner.height === size.height) return;
      const width = size.width + outer.width - inner.width;
      const height = size.height + outer.height - inner.height;
      await driver.manage().window().setRect({ width, height });
    }
    const { inner } = await this.#sizes(driver);
    if (inner.width === size.width && inner.height === size.height) return;
    throw new PageError(
      "protocol",
      `the browser gives its window ${inner.width} × ${inner.height} instead of ${size.width} × ${size.height}`,
    );
  }

  async #prepare(driver: WebDriver): Promise<void> {
    if (this.#prepared.has(this.#current)) return;
    this.#prepared.add(this.#current);
    // Each window acts as if somebody looked at it: a page that nobody looks at gets no focus.
    if (this.#isChromium) await sendDevTools(driver, "Emulation.setFocusEmulationEnabled", { enabled: true });
    await this.#fit(driver);
    await this.#emulation.begin(driver);
  }

  /** Looks which windows there are. */
  async look(driver: WebDriver): Promise<void> {
    const handles = await driver.getAllWindowHandles();
    const known = this.#handles.filter((handle) => handles.includes(handle));
    this.#handles = [...known, ...handles.filter((handle) => !known.includes(handle))];
  }

  async #goBack(driver: WebDriver): Promise<void> {
    // The current window may have closed itself; the next command in it will say so.
    if (this.#handles.includes(this.#current)) await this.#frames.goBack(driver, this.#current);
  }

  async #describe(driver: WebDriver, id: string): Promise<PageWindow> {
    try {
      const look = (await this.#frames.callInWindow(driver, id, WINDOW_FUNCTION)) ?? '["", "", ""]';
      const [title, url, name] = JSON.parse(look) as [string, string, string]; // Written by that function.
      return { id, title, url, name };
    } catch (error) {
      if (!(error instanceof driverErrors.WebDriverError)) throw error;
      // The window is about to load or to close, or a dialog blocks it: only its id can be told.
      return { id, title: "", url: "", name: "" };
    }
  }

  async #sizes(driver: WebDriver): Promise<{ inner: Size; outer: Size }> {
    const sizes = await this.#frames.callAtTop(driver, WINDOW_SIZES, []);
    return JSON.parse(sizes ?? "null") as { inner: Size; outer: Size }; // Written by that function.
  }
}
