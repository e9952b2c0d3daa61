/** A cookie of the browser session. */
export interface Cookie {
  name: string;
  value: string;
  /** The host for which it is; a dot in front takes in the host's subdomains. */
  domain: string;
  path: string;
  /** Seconds since the epoch; none for a cookie that ends with the session. */
  expires?: number | undefined;
  httpOnly: boolean;
  secure: boolean;
  sameSite?: "Strict" | "Lax" | "None" | undefined;
}

/** The cookies of one browser session. They end with it. */
export interface CookieJar {
  /** @param url lists only what a request to this address carries; every cookie unless given */
  list(url: string | undefined, signal: AbortSignal): Promise<Cookie[]>;
  /** @throws PageError when the browser does not take the cookie */
  set(cookie: Cookie, signal: AbortSignal): Promise<void>;
  /** Deletes a cookie that {@link list} has told of. */
  delete(cookie: Cookie, signal: AbortSignal): Promise<void>;
  /** Deletes every cookie. */
  clear(signal: AbortSignal): Promise<void>;
}
