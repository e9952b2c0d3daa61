import { error as driverErrors, type WebDriver, type WebElement } from "selenium-webdriver";
import { PageError, type PageWindow, type Point } from "../runner/ports.js";
import { FRAME_PLACE_SCRIPT } from "./classic-scripts.js";
import { sendDevTools } from "./classic-vendor.js";

/** How often a window is given another size before it counts as one that cannot have it. */
const RESIZE_ATTEMPTS = 3;

interface Size {
  width: number;
  height: number;
}

const VIEWPORT: Size = { width: 1280, height: 720 };

/**
 * The windows of a session and the frame in which it works. Its methods are units of commands for
 * {@link ClassicDriver.send}: each leaves the driver in the frame that it was in, unless it is about going to
 * another.
 */
export class ClassicWindows {
  readonly #isChromium: boolean;
  /** In the order in which they were seen first; drivers list them in any order. */
  #handles: string[] = [];
  #current = "";
  /** The frames that lead to the current one, the outermost first. */
  #frames: WebElement[] = [];
  /** The window's own document as it was when a frame was entered, by its name in `classic-scripts.ts`. */
  #topDocument: string | undefined;
  /** Windows that are as a test needs them. */
  readonly #prepared = new Set<string>();

  constructor(isChromium: boolean) {
    this.#isChromium = isChromium;
  }

  get isInFrame(): boolean {
    return this.#frames.length > 0;
  }

  /**
   * Tells which document is around a frame that is gone. Another one than before leads out of its frames.
   *
   * @returns whether it is another
   */
  hasLeft(topDocument: string | undefined): boolean {
    if (topDocument === undefined || topDocument === this.#topDocument) return false;
    this.#frames = [];
    return true;
  }

  async begin(driver: WebDriver): Promise<void> {
    this.#current = await driver.getWindowHandle();
    await this.#refresh(driver);
    await this.#prepare(driver);
  }

  async list(driver: WebDriver): Promise<PageWindow[]> {
    await this.#refresh(driver);
    const windows: PageWindow[] = [];
    try {
      for (const id of this.#handles) windows.push(await describe(driver, id));
    } finally {
      await this.#goBack(driver);
    }
    return windows;
  }

  async open(driver: WebDriver): Promise<void> {
    await this.#refresh(driver);
    // A tab would hide the ones before it, and what is hidden draws no frames.
    await driver.switchTo().newWindow("window");
    this.#current = await driver.getWindowHandle();
    this.#frames = [];
    await this.#refresh(driver);
    await this.#prepare(driver);
  }

  async switchTo(driver: WebDriver, id: string): Promise<void> {
    await driver.switchTo().window(id);
    this.#current = id;
    this.#frames = [];
    if (this.#isChromium) await sendDevTools(driver, "Page.bringToFront");
    await this.#prepare(driver);
  }

  async close(driver: WebDriver): Promise<void> {
    await this.#refresh(driver);
    const place = this.#handles.indexOf(this.#current);
    // The driver's session would end with its last window.
    if (this.#handles.length < 2) throw new PageError("protocol", "it is the only window");
    await driver.close();
    this.#handles = this.#handles.filter((handle) => handle !== this.#current);
    await this.switchTo(driver, this.#handles[Math.max(place - 1, 0)] ?? "");
  }

  /** @param topDocument the window's own document, where that is the current one */
  async enterFrame(driver: WebDriver, frame: WebElement, topDocument: string | undefined): Promise<void> {
    try {
      await driver.switchTo().frame(frame);
    } catch (error) {
      if (!(error instanceof driverErrors.NoSuchFrameError)) throw error;
      throw new PageError("protocol", "the element is no frame", { cause: error });
    }
    if (!this.isInFrame) this.#topDocument = topDocument;
    this.#frames.push(frame);
  }

  async leaveFrame(driver: WebDriver, to: "parent" | "top"): Promise<void> {
    const frames = to === "parent" ? this.#frames.slice(0, -1) : [];
    // By way of the top: `parentFrame` fails once the frame itself is gone.
    await this.#enter(driver, frames);
  }

  /** What turns points of the current frame's viewport into the driver's own. */
  async placing(driver: WebDriver): Promise<(point: Point) => Point> {
    // chromedriver counts from the window's viewport whatever the frame; the standard, from the frame's.
    if (!this.#isChromium || this.#frames.length === 0) return (point) => point;
    const frames = this.#frames;
    let [left, top, scale] = [0, 0, 1];
    await driver.switchTo().defaultContent();
    for (const frame of frames) {
      const [x, y, zoom] = await driver.executeScript<[number, number, number]>(FRAME_PLACE_SCRIPT, frame);
      [left, top, scale] = [left + x * scale, top + y * scale, scale * zoom];
      await driver.switchTo().frame(frame);
    }
    return ({ x, y }) => ({ x: left + x * scale, y: top + y * scale });
  }

  async resize(driver: WebDriver, size: Size): Promise<void> {
    if (this.#isChromium && (await setViewport(driver, size))) return;
    const frames = this.#frames;
    await driver.switchTo().defaultContent();
    try {
      for (let attempt = 0; attempt < RESIZE_ATTEMPTS; attempt++) {
        const { inner, outer } = await sizesOf(driver);
        if (inner.width === size.width && inner.height === size.height) return;
        const width = size.width + outer.width - inner.width;
        const height = size.height + outer.height - inner.height;
        await driver.manage().window().setRect({ width, height });
      }
      const { inner } = await sizesOf(driver);
      if (inner.width === size.width && inner.height === size.height) return;
      throw new PageError(
        "protocol",
        `the browser gives its window ${inner.width} × ${inner.height} instead of ${size.width} × ${size.height}`,
      );
    } finally {
      await this.#enter(driver, frames);
    }
  }

  async #prepare(driver: WebDriver): Promise<void> {
    if (this.#prepared.has(this.#current)) return;
    this.#prepared.add(this.#current);
    // As if somebody looked at each window: a page that nobody looks at gets no focus.
    if (this.#isChromium) await sendDevTools(driver, "Emulation.setFocusEmulationEnabled", { enabled: true });
    await this.resize(driver, VIEWPORT);
  }

  async #refresh(driver: WebDriver): Promise<void> {
    const handles = await driver.getAllWindowHandles();
    const known = this.#handles.filter((handle) => handles.includes(handle));
    this.#handles = [...known, ...handles.filter((handle) => !known.includes(handle))];
  }

  async #goBack(driver: WebDriver): Promise<void> {
    const frames = this.#frames;
    // The current one may have closed itself; whoever works in it next will hear so.
    if (!this.#handles.includes(this.#current)) return;
    await driver.switchTo().window(this.#current);
    await this.#enter(driver, frames);
  }

  /** Leaves every frame and enters these. */
  async #enter(driver: WebDriver, frames: readonly WebElement[]): Promise<void> {
    this.#frames = [];
    await driver.switchTo().defaultContent();
    for (const frame of frames) {
      await driver.switchTo().frame(frame);
      this.#frames.push(frame);
    }
  }
}

async function describe(driver: WebDriver, id: string): Promise<PageWindow> {
  try {
    await driver.switchTo().window(id);
    const [title, url, name] = await driver.executeScript<[string, string, string]>(
      "return [document.title, location.href, window.name];",
    );
    return { id, title, url, name };
  } catch (error) {
    if (!(error instanceof driverErrors.WebDriverError)) throw error;
    // It is about to load or to close, or a dialog blocks it: it is there, and that is all there is to say.
    return { id, title: "", url: "", name: "" };
  }
}

/** Chromium gives a page any viewport, whatever its window; a window has a least width. */
async function setViewport(driver: WebDriver, { width, height }: Size): Promise<boolean> {
  const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
  return (await sendDevTools(driver, "Emulation.setDeviceMetricsOverride", metrics)) !== undefined;
}

function sizesOf(driver: WebDriver): Promise<{ inner: Size; outer: Size }> {
  return driver.executeScript(
    "return { inner: { width: innerWidth, height: innerHeight }, outer: { width: outerWidth, height: outerHeight } };",
  );
}
