import { PageError, type Cookie, type CookieJar } from "../../runner/ports.js";
import { cookieOf, cookieParam } from "../devtools-cookies.js";
import { pageErrorOf } from "./calls.js";
import type { CdpSession } from "./connection.js";

export interface CdpCookiesOptions {
  root: CdpSession;
  browserContextId: string;
  /** The session of the current window: only a window's session tells what a request to an address carries. */
  current: () => CdpSession;
}

/** The cookies of one browser context, as the browser itself keeps them: no page is asked. */
export class CdpCookies implements CookieJar {
  readonly #options: CdpCookiesOptions;

  constructor(options: CdpCookiesOptions) {
    this.#options = options;
  }

  async list(url: string | undefined, signal: AbortSignal): Promise<Cookie[]> {
    const { root, browserContextId, current } = this.#options;
    const { cookies } = await known(
      url === undefined
        ? root.send("Storage.getCookies", { browserContextId }, signal)
        : current().send("Network.getCookies", { urls: [url] }, signal),
    );
    return cookies.map(cookieOf);
  }

  async set(cookie: Cookie, signal: AbortSignal): Promise<void> {
    const { root, browserContextId } = this.#options;
    try {
      const cookies = [cookieParam(cookie)];
      await root.send("Storage.setCookies", { cookies, browserContextId }, signal);
    } catch (error) {
      const refusal = pageErrorOf(error);
      if (!(refusal instanceof PageError)) throw refusal;
      throw new PageError("protocol", `the browser does not take the cookie: ${refusal.message}`);
    }
  }

  async delete({ name, domain, path }: Cookie, signal: AbortSignal): Promise<void> {
    await known(this.#options.current().send("Network.deleteCookies", { name, domain, path }, signal));
  }

  async clear(signal: AbortSignal): Promise<void> {
    const { root, browserContextId } = this.#options;
    await known(root.send("Storage.clearCookies", { browserContextId }, signal));
  }
}

async function known<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw pageErrorOf(error);
  }
}
