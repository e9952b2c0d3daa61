import type { Cookie } from "../runner/ports.js";
import type { DevTools } from "./devtools-protocol.js";

/** A cookie as the page's port knows it. */
export function cookieOf(cookie: DevTools.Network.Cookie): Cookie {
  const { name, value, domain, path, expires, httpOnly, secure, sameSite } = cookie;
  // DevTools write -1 for a cookie of the session.
  return { name, value, domain, path, httpOnly, secure, sameSite, ...(expires >= 0 && { expires }) };
}

/** A cookie as DevTools take it: one for a single host is told by an address of the host. */
export function cookieParam(cookie: Cookie): DevTools.Network.CookieParam {
  const { name, value, domain, path, httpOnly, secure, sameSite, expires } = cookie;
  const host = domain.includes(":") && !domain.startsWith("[") ? `[${domain}]` : domain;
  const place = domain.startsWith(".")
    ? { domain }
    : { url: `${secure ? "https" : "http"}://${host}${path}` };
  // DevTools refuse a field that is there without a value.
  const optional = { ...(sameSite !== undefined && { sameSite }), ...(expires !== undefined && { expires }) };
  return { name, value, path, httpOnly, secure, ...place, ...optional };
}
