import { isHttpUrl } from "../protocol/commands.js";

/**
 * Addresses at which clouds hand out credentials to whoever asks from inside; no browser test needs them.
 * https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
 */
const METADATA_HOSTS = new Set(["metadata.google.internal", "metadata", "[fd00:ec2::254]"]);

/**
 * Whether a browser may open a host.
 *
 * @param hostname as `URL` gives it, so that every spelling of an address has become one
 * @param allowed host names, `*.` in front for any subdomain; empty allows all but metadata services
 */
export function isHostAllowed(hostname: string, allowed: readonly string[]): boolean {
  // A dot at the end names the same host from the root of the name system.
  if (hostname.endsWith(".")) return isHostAllowed(hostname.slice(0, -1), allowed);
  if (METADATA_HOSTS.has(hostname) || isLinkLocal(hostname)) return false;
  return allowed.length === 0 || allowed.some((pattern) => matches(hostname, pattern.toLowerCase()));
}

/** @throws Error when a browser may not open the URL, with the remedy. */
export function refuseForbiddenUrl(url: string, allowed: readonly string[]): void {
  // Looked at again, for it may have come out of a variable.
  if (!isHttpUrl(url)) throw new Error(`${JSON.stringify(url)} is not an absolute http or https URL`);
  const { hostname } = new URL(url);
  if (isHostAllowed(hostname, allowed)) return;
  throw new Error(`the host '${hostname}' is not allowed here; add it to ALLOWED_HOSTS to test it`);
}

/** 169.254.0.0/16 and fe80::/10, also written as IPv4-mapped IPv6. */
function isLinkLocal(hostname: string): boolean {
  return /^169\.254\.|^\[fe[89ab]|^\[::ffff:a9fe:/.test(hostname);
}

function matches(hostname: string, pattern: string): boolean {
  return pattern.startsWith("*.") ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}
