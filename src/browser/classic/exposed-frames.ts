import { error as driverErrors, type WebDriver, type WebElement } from "selenium-webdriver";
import { PageError, type PageElement, type Point } from "../../runner/ports.js";
import { frameHasGone } from "../frame-owner.js";
import { FRAME_PLACE } from "../page-functions.generated.js";
import { placingOf, type ClassicFrames } from "./frames.js";

class ExposedElement implements PageElement {
  readonly kind = "page-element";
  readonly element: WebElement;

  constructor(element: WebElement) {
    this.element = element;
  }
}

/**
 * Frames as classic WebDriver knows them: scripts run in the application's own world, for there is no other. In
 * Firefox a script's globals are not the window's, and each script has its own.
 */
export class ExposedFrames implements ClassicFrames {
  readonly isExposed = true;
  /** True when the driver counts points from the window's viewport in any frame, as chromedriver does. */
  readonly #countsFromWindow: boolean;
  /** The frames that lead to the current one, the outermost first. */
  #path: WebElement[] = [];

  constructor(options: { countsFromWindow: boolean }) {
    this.#countsFromWindow = options.countsFromWindow;
  }

  get depth(): number {
    return this.#path.length;
  }

  begin(): Promise<void> {
    this.forget();
    return Promise.resolve();
  }

  async enter(driver: WebDriver, element: PageElement): Promise<void> {
    const frame = elementOf(element);
    try {
      await driver.switchTo().frame(frame);
    } catch (error) {
      if (error instanceof driverErrors.StaleElementReferenceError) throw frameHasGone();
      if (!(error instanceof driverErrors.NoSuchFrameError)) throw error;
      throw new PageError("protocol", "the element is no frame", { cause: error });
    }
    this.#path.push(frame);
  }

  async leave(driver: WebDriver, depth: number): Promise<void> {
    const path = this.#path.slice(0, depth);
    // By way of the top: `parentFrame` fails once the frame itself is gone.
    this.forget();
    await driver.switchTo().defaultContent();
    for (const frame of path) {
      await driver.switchTo().frame(frame);
      this.#path.push(frame);
    }
  }

  forget(): void {
    this.#path = [];
  }

  call(driver: WebDriver, script: string, args: readonly string[]): Promise<string | null> {
    const text = `var answer = arguments[arguments.length - 1];
Promise.resolve((${script}).apply(null, arguments)).then(answer, function (error) { answer("!" + error); });`;
    return driver.executeAsyncScript<string | null>(text, ...args);
  }

  async callAtTop(driver: WebDriver, script: string, args: readonly string[]): Promise<string | null> {
    if (this.depth === 0) return await this.call(driver, script, args);
    await driver.switchTo().defaultContent();
    const answer = await this.call(driver, script, args);
    await this.#enterAgain(driver);
    return answer;
  }

  async callInWindow(driver: WebDriver, window: string, script: string): Promise<string | null> {
    await driver.switchTo().window(window);
    return await this.call(driver, script, []);
  }

  async element(driver: WebDriver, script: string): Promise<PageElement | null> {
    const text = `return (function (globalThis) { return (${script}); })(window)();`;
    const element = await driver.executeScript<WebElement | null>(text);
    return element && new ExposedElement(element);
  }

  async setFiles(driver: WebDriver, element: PageElement, paths: readonly string[]): Promise<void> {
    const field = elementOf(element);
    // A field for several files would keep those that it has.
    await driver.executeScript("arguments[0].value = '';", field);
    if (paths.length > 0) await field.sendKeys(paths.join("\n"));
  }

  async #enterAgain(driver: WebDriver): Promise<void> {
    try {
      for (const frame of this.#path) await driver.switchTo().frame(frame);
    } catch (error) {
      // One of the frames is gone; the next command there will say so.
      if (!(error instanceof driverErrors.WebDriverError)) throw error;
    }
  }

  async goBack(driver: WebDriver, window: string): Promise<void> {
    await driver.switchTo().window(window);
    await this.leave(driver, this.depth);
  }

  point(): Promise<{ from?: Point }> {
    return Promise.resolve({});
  }

  async placing(driver: WebDriver): Promise<(point: Point) => Point> {
    const path = this.#path;
    if (!this.#countsFromWindow || path.length === 0) return (point) => point;
    await driver.switchTo().defaultContent();
    return await placingOf(path, async (frame) => {
      const place = await driver.executeScript<string>(`return (${FRAME_PLACE})(arguments[0]);`, frame);
      await driver.switchTo().frame(frame);
      return place;
    });
  }
}

function elementOf(element: PageElement): WebElement {
  // These frames give away no other kind of element.
  if (element instanceof ExposedElement) return element.element;
  throw new PageError("protocol", "the element is of another browser session");
}
