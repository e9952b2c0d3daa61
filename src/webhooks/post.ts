import type { LookupAddress } from "node:dns";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIPv6, type LookupFunction } from "node:net";
import { handsOutCredentials } from "../hosts/addresses.js";
import type { NameLookup } from "../hosts/name-lookup.js";

export interface PostOptions {
  body: string;
  headers: Readonly<Record<string, string>>;
  lookup: NameLookup;
  signal: AbortSignal;
}

/**
 * Posts JSON, and follows no redirect. The connection goes to an address that was checked, so that a name which
 * changes its address in between gains nothing.
 *
 * @returns the status of the answer
 * @throws Error when there is none, or the host has an address at which clouds hand out credentials
 */
export async function postJson(url: string, { body, headers, lookup, signal }: PostOptions): Promise<number> {
  const request = url.startsWith("https:") ? httpsRequest : httpRequest;
  const asking = request(url, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      "user-agent": "Stepwire",
    },
    lookup: checkedLookup(lookup),
    agent: false,
    signal,
  });
  asking.end(body);
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  // Nobody reads what a receiver says beside its status.
  answer.destroy();
  return answer.statusCode ?? 0;
}

function checkedLookup(lookup: NameLookup): LookupFunction {
  const look = async (host: string): Promise<LookupAddress[]> => {
    const addresses = await lookup(host);
    const refused = addresses.find(handsOutCredentials);
    if (refused !== undefined) throw new Error(`${host} stands for ${refused}, where no webhook may go`);
    return addresses.map(toEntry);
  };
  return (host, { all }, answer) => {
    look(host).then(
      (entries) => {
        if (all) answer(null, entries);
        else answer(null, entries[0]?.address ?? "", entries[0]?.family);
      },
      (error: unknown) => {
        answer(error instanceof Error ? error : new Error(String(error)), []);
      },
    );
  };
}

function toEntry(address: string): LookupAddress {
  return { address, family: isIPv6(address) ? 6 : 4 };
}
