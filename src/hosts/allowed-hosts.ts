import { isHttpUrl } from "../protocol/commands.js";
import { handsOutCredentials } from "./addresses.js";

/** Names of the services that hand out a cloud's credentials, also where nobody has looked up what they stand for. */
export const CREDENTIAL_HOSTS: readonly string[] = [
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
];

/**
 * Says whether a browser may open a host, as far as its name or address tells.
 *
 * @param hostname as `URL` gives it, so that every spelling of an address has become one; brackets may be missing
 * @param allowed host names and addresses, `*.` in front for any subdomain; empty allows all but the services that
 * hand out credentials
 * @returns why it may not, with the remedy; undefined when it may
 */
export function refusalOfHost(hostname: string, allowed: readonly string[]): string | undefined {
  const host = plainHost(hostname);
  if (CREDENTIAL_HOSTS.includes(host) || handsOutCredentials(host)) return credentialsRefusal(host);
  if (allowed.length === 0 || allowed.some((pattern) => matchesHost(host, pattern))) return undefined;
  return `the host '${host}' is not allowed here; add it to ALLOWED_HOSTS to test it`;
}

/** @throws Error when a browser may not open the URL, with the remedy. */
export function refuseForbiddenUrl(url: string, allowed: readonly string[]): void {
  // Looked at again, for it may have come out of a variable.
  if (!isHttpUrl(url)) throw new Error(`${JSON.stringify(url)} is not an absolute http or https URL`);
  const refusal = refusalOfHost(new URL(url).hostname, allowed);
  if (refusal !== undefined) throw new Error(refusal);
}

/** @param host the host that no browser may reach, for the message */
export function credentialsRefusal(host: string): string {
  return `'${host}' is an address at which clouds hand out credentials, and no browser may reach it`;
}

/**
 * Tells whether a host is the one that a pattern names.
 *
 * @param host as {@link plainHost} gives it
 * @param pattern a host, or `*.` and a domain for any of its subdomains
 */
export function matchesHost(host: string, pattern: string): boolean {
  const plain = plainHost(pattern);
  return plain.startsWith("*.") ? host.endsWith(plain.slice(1)) : host === plain;
}

/** A host in lower case, without an IPv6 address' brackets and without the dot of the name system's root. */
export function plainHost(host: string): string {
  const lower = host.toLowerCase();
  if (lower.startsWith("[") && lower.endsWith("]")) return lower.slice(1, -1);
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}
