import type { WebDriver } from "selenium-webdriver";
import { PageError, type EmulationChange, type PageEmulation } from "../../runner/ports.js";
import { EmulatedSurroundings, isInEffect, type DevToolsCall } from "../devtools-emulation.js";
import { sendDevTools } from "./vendor.js";

type Unit = <T>(unit: (driver: WebDriver) => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * The surroundings that the pages of a session find, by the DevTools of Chromium's driver. The driver tells of no
 * window before its page runs, so a window that a page opens has them once the run goes there.
 */
export class ClassicEmulation implements PageEmulation {
  readonly #unit: Unit;
  readonly #isChromium: boolean;
  readonly #surroundings = new EmulatedSurroundings();

  constructor(unit: Unit, { isChromium }: { isChromium: boolean }) {
    this.#unit = unit;
    this.#isChromium = isChromium;
  }

  /** Metrics of the device that windows show; nothing when it was not changed. */
  get device(): { scale: number; isMobile: boolean } | undefined {
    return this.#surroundings.device;
  }

  apply(change: EmulationChange, signal: AbortSignal): Promise<void> {
    return this.#unit(async (driver) => {
      if (change.what === "device" && change.hasTouch)
        throw impossible("touch has", "; or set 'touch' to false");
      if (!this.#isChromium) throw impossible(`${NOUNS[change.what]} has`);
      await send(driver, this.#callsOf(change));
    }, signal);
  }

  /** Brings another window, which is the current one now, to where the others are. */
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
