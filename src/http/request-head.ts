import type { IncomingMessage } from "node:http";

/** A host name or address, as `Host` may give it, with a port or without: https://www.rfc-editor.org/rfc/rfc9110#section-7.2 */
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*)|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Headers that a request may have only once: if it had two, a proxy and this server could each believe another. */
const ONCE = ["host", "origin"];

/**
 * The fault in the head of a request that leaves it open which server and page the request is about. Node's parser
 * has refused a head that is no HTTP, but keeps the first of two hosts and passes on a host that is none.
 */
export function faultOfHead({ rawHeaders, headers, url = "" }: IncomingMessage): string | undefined {
  // An upgrade that is injected instead of sent has none.
  const raw = (rawHeaders as string[] | undefined) ?? [];
  const names = raw.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const twice = ONCE.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) return `There are two headers ${twice === "host" ? "Host" : "Origin"}.`;
  const { host } = headers;
  // Only HTTP/1.0 may leave it out: Node refuses later versions without one.
  if (host !== undefined && hostOf(`http://${host}`, host) === undefined) {
    return "The header Host is not a host name or address.";
  }
  return faultOfTarget(url, host);
}

/** Proxies are asked for whole URLs; a client that asks a server in that way has to mean this one. */
function faultOfTarget(target: string, host: string | undefined): string | undefined {
  if (target.startsWith("/") || target === "*") return undefined;
  const [, scheme, authority] = /^(https?):\/\/([^/?#]*)/i.exec(target) ?? [];
  if (scheme === undefined || authority === undefined) return "The target of the request is no path.";
  const named = hostOf(`${scheme}://${authority}`, authority);
  if (named !== undefined && named === hostOf(`${scheme}://${host ?? ""}`, host)) return undefined;
  return "The target of the request names another host than the header Host.";
}

/** @returns the host as a URL of this scheme has it: in lower case, without the scheme's own port */
function hostOf(url: string, host: string | undefined): string | undefined {
  return host !== undefined && HOST.test(host) && URL.canParse(url) ? new URL(url).host : undefined;
}
