import { createHash } from "node:crypto";

/** A URL that is told of runs, under a name that may be stored and shown: the URL itself may have a secret in it. */
export interface WebhookTarget {
  /** Its origin and a hash, such as `https://ci.example.com#3fa9c1d2`. */
  name: string;
  url: string;
}

/** Digits of a target's hash: enough to tell the URLs of one server apart. */
const HASH_DIGITS = 8;

export function targetsOf(urls: readonly string[]): WebhookTarget[] {
  return [...new Set(urls)].map((url) => {
    const hash = createHash("sha256").update(url).digest("hex").slice(0, HASH_DIGITS);
    return { name: `${new URL(url).origin}#${hash}`, url };
  });
}
