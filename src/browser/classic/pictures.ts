import type { WebDriver } from "selenium-webdriver";
import { PageError, type PagePictures, type PicturePart, type Point } from "../../runner/ports.js";
import { wholePage } from "../devtools-pictures.js";
import type { DevTools } from "../devtools-protocol.js";
import type { ClassicFrames } from "./frames.js";
import { sendDevTools } from "./vendor.js";

/** JPEG quality of screenshots, of 100. */
const SCREENSHOT_QUALITY = 60;

type Unit = <T>(work: (driver: WebDriver) => Promise<T>, signal: AbortSignal) => Promise<T>;

export class ClassicPictures implements PagePictures {
  readonly #unit: Unit;
  readonly #frames: ClassicFrames;
  readonly #isChromium: boolean;

  constructor(unit: Unit, { frames, isChromium }: { frames: ClassicFrames; isChromium: boolean }) {
    this.#unit = unit;
    this.#frames = frames;
    this.#isChromium = isChromium;
  }

  lossless(part: PicturePart, signal: AbortSignal): Promise<Uint8Array> {
    return this.#unit(part === "page" ? (driver) => this.#page(driver) : viewport, signal);
  }

  /** A JPEG of the viewport, or a PNG from browsers whose drivers have nothing else. */
  lossy(signal: AbortSignal): Promise<Uint8Array> {
    return this.#unit(async (driver) => {
      const parameters = { format: "jpeg", quality: SCREENSHOT_QUALITY };
      const picture = this.#isChromium ? await capture(driver, parameters) : undefined;
      return picture ?? (await viewport(driver));
    }, signal);
  }

  placing(signal: AbortSignal): Promise<(point: Point) => Point> {
    return this.#unit((driver) => this.#frames.placing(driver), signal);
  }

  async #page(driver: WebDriver): Promise<Uint8Array> {
    const metrics = this.#isChromium ? await sendDevTools(driver, "Page.getLayoutMetrics") : undefined;
    const picture =
      metrics &&
      (await capture(driver, {
        format: "png",
        // Answered by Chromium itself.
        ...wholePage(metrics as unknown as DevTools.Page.GetLayoutMetricsResponse),
      }));
    if (picture) return picture;
    throw new PageError(
      "protocol",
      "this browser's driver takes no picture of a whole page; compare the viewport, or an element that fits into it",
    );
  }
}

async function viewport(driver: WebDriver): Promise<Uint8Array> {
  return Buffer.from(await driver.takeScreenshot(), "base64");
}

/** @returns nothing where the driver has no such command */
async function capture(driver: WebDriver, parameters: object): Promise<Uint8Array | undefined> {
  const answer = await sendDevTools(driver, "Page.captureScreenshot", parameters);
  return typeof answer?.["data"] === "string" ? Buffer.from(answer["data"], "base64") : undefined;
}
