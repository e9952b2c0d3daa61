import type { WebDriver } from "selenium-webdriver";
import { PageError, type EmulationChange, type PageEmulation } from "../../runner/ports.js";
import { EmulatedSurroundings, isInEffect, type DevToolsCall, type Size } from "../devtools-emulation.js";
import { sendDevTools } from "./vendor.js";

type Unit = <T>(unit: (driver: WebDriver) => Promise<T>, signal: AbortSignal) => Promise<T>;

export interface ClassicEmulationOptions {
  isChromium: boolean;
  /** Is told of each change, which the current window has but for its metrics. */
  changed: (driver: WebDriver, what: EmulationChange["what"]) => Promise<void>;
}

/**
 * The surroundings that the pages of a session find, by the DevTools of Chromium's driver. The driver tells of no
 * window before its page runs, so a window that a page opens has them once the run goes there.
 */
export class ClassicEmulation implements PageEmulation {
  readonly #unit: Unit;
  readonly #isChromium: boolean;
  readonly #changed: ClassicEmulationOptions["changed"];
  readonly #surroundings = new EmulatedSurroundings();

  constructor(unit: Unit, { isChromium, changed }: ClassicEmulationOptions) {
    this.#unit = unit;
    this.#isChromium = isChromium;
    this.#changed = changed;
  }

  /** The metrics of a window's viewport. @param size that it was given in place of its device's */
  metrics(size: Size | undefined) {
    return this.#surroundings.metrics(size);
  }

  apply(change: EmulationChange, signal: AbortSignal): Promise<void> {
    return this.#unit(async (driver) => {
      if (change.what === "device" && change.hasTouch)
        throw impossible("touch has", "; or set 'touch' to false");
      if (!this.#isChromium) throw impossible(`${NOUNS[change.what]} has`);
      await send(driver, this.#callsOf(change));
      await this.#changed(driver, change.what);
    }, signal);
  }

  /** Brings a window, which is the current one now, to where the others are. */
  async begin(driver: WebDriver): Promise<void> {
    await send(driver, this.#surroundings.calls);
  }

  #callsOf(change: EmulationChange): DevToolsCall[] {
    if (change.what !== "permission") return this.#surroundings.change(change);
    const { name, state: setting } = change;
    return [{ method: "Browser.setPermission", params: { permission: { name }, setting } }];
  }
}

const NOUNS: Record<EmulationChange["what"], string> = {
  permission: "setting a permission",
  geolocation: "a position",
  device: "another device",
  zoom: "zoom",
  locale: "another language",
  "time-zone": "another time zone",
  "user-agent": "another user agent",
  media: "a colour scheme or other media feature",
  network: "a slow or missing network",
};

async function send(driver: WebDriver, calls: readonly DevToolsCall[]): Promise<void> {
  for (const { method, params } of calls) {
    try {
      if ((await sendDevTools(driver, method, params)) === undefined)
        throw new PageError("protocol", `the driver has no DevTools, without which this cannot be done`);
    } catch (error) {
      if (!isInEffect(error)) throw error;
    }
  }
}

/** @param what what is asked for, with its verb */
function impossible(what: string, otherwise = ""): PageError {
  return new PageError(
    "protocol",
    `${what} to be emulated, for which this way to the browser has no means; use Chromium or Edge with BROWSER_PROTOCOL=cdp${otherwise}`,
  );
}
