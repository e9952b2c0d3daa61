import type { WebDriver } from "selenium-webdriver";
import { PageError, type Cookie, type CookieJar } from "../../runner/ports.js";
import { cookieOf, cookieParam } from "../devtools-cookies.js";
import type { DevTools } from "../devtools-protocol.js";
import { sendDevTools } from "./vendor.js";

/** Sends commands once no dialog is in their way. */
type Unit = <T>(unit: (driver: WebDriver) => Promise<T>, signal: AbortSignal) => Promise<T>;

/** A cookie as WebDriver takes and gives it: https://www.w3.org/TR/webdriver2/#cookies */
interface WireCookie {
  name: string;
  value: string;
  domain?: string;
  path?: string;
  httpOnly?: boolean;
  secure?: boolean;
  /** Seconds since the epoch. */
  expiry?: number;
  sameSite?: "Strict" | "Lax" | "None";
}

/**
 * The cookies of a session. WebDriver itself knows those of the current page only; Chromium's driver reaches all of
 * them by DevTools.
 */
export class ClassicCookies implements CookieJar {
  readonly #unit: Unit;
  readonly #isChromium: boolean;

  constructor(unit: Unit, { isChromium }: { isChromium: boolean }) {
    this.#unit = unit;
    this.#isChromium = isChromium;
  }

  list(url: string | undefined, signal: AbortSignal): Promise<Cookie[]> {
    return this.#unit(async (driver) => {
      const known = await this.#devTools(
        driver,
        url === undefined ? "Network.getAllCookies" : "Network.getCookies",
        url === undefined ? {} : { urls: [url] },
      );
      // DevTools fix the answer.
      if (known !== undefined) return (known["cookies"] as DevTools.Network.Cookie[]).map(cookieOf);
      return ((await driver.manage().getCookies()) as WireCookie[]).map(fromWire);
    }, signal);
  }

  set(cookie: Cookie, signal: AbortSignal): Promise<void> {
    return this.#unit(async (driver) => {
      const answer = await this.#devTools(driver, "Network.setCookie", cookieParam(cookie));
      if (answer?.["success"] === false)
        throw new PageError("protocol", "the browser does not take the cookie");
      if (answer !== undefined) return;
      await requireHost(driver, cookie.domain);
      await driver.manage().addCookie(toWire(cookie));
    }, signal);
  }

  delete({ name, domain, path }: Cookie, signal: AbortSignal): Promise<void> {
    return this.#unit(async (driver) => {
      const answer = await this.#devTools(driver, "Network.deleteCookies", { name, domain, path });
      if (answer === undefined) await driver.manage().deleteCookie(name);
    }, signal);
  }

  clear(signal: AbortSignal): Promise<void> {
    return this.#unit(async (driver) => {
      const answer = await this.#devTools(driver, "Network.clearBrowserCookies", {});
      if (answer === undefined) await driver.manage().deleteAllCookies();
    }, signal);
  }

  /** @returns nothing where the driver knows no DevTools */
  async #devTools(
    driver: WebDriver,
    method: string,
    params: object,
  ): Promise<Record<string, unknown> | undefined> {
    return this.#isChromium ? await sendDevTools(driver, method, params) : undefined;
  }
}

/** WebDriver sets a cookie for the page that is open and for no other. */
async function requireHost(driver: WebDriver, domain: string): Promise<void> {
  const url = await driver.getCurrentUrl();
  const host = /^https?:/.test(url) ? new URL(url).hostname : "";
  const wanted = domain.replace(/^\./, "");
  if (host === wanted || host.endsWith(`.${wanted}`)) return;
  throw new PageError(
    "protocol",
    `this browser's driver sets cookies of the page that is open only; open a page of ${wanted} first`,
  );
}

function fromWire(cookie: WireCookie): Cookie {
  const { name, value, domain = "", path = "/", httpOnly = false, secure = false, sameSite, expiry } = cookie;
  return { name, value, domain, path, httpOnly, secure, sameSite, expires: expiry };
}

/** A cookie of a single host has no domain on the wire. */
function toWire({ domain, expires, sameSite, ...cookie }: Cookie): WireCookie {
  return {
    ...cookie,
    ...(domain.startsWith(".") && { domain }),
    ...(expires !== undefined && { expiry: expires }),
    ...(sameSite !== undefined && { sameSite }),
  };
}
