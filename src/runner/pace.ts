import { setTimeout as delay } from "node:timers/promises";
import { callAfterInput } from "./ask-page.js";
import type { FindContext } from "./find.js";
import { DRAWN } from "./page-script.generated.js";

/** Time between keys where each waits for the page, in milliseconds; people take three times as long. */
const BY_PAGE_MS = 30;

/** The speed of typing. */
export interface Pace {
  /** Time between two keys, in milliseconds. @defaultValue 0 */
  delayMs?: number | undefined;
  /** True when each key waits until the page has drawn what came of the one before it. @defaultValue false */
  byPage?: boolean | undefined;
}

/** True when keys are not simply sent one after the other, as fast as the browser takes them. */
export function isPaced({ delayMs = 0, byPage = false }: Pace): boolean {
  return delayMs > 0 || byPage;
}

/** Types a text key by key. @param confirm is called after the last; @returns its answer */
export async function typeInPace(
  text: string,
  { delayMs = 0, byPage = false, confirm }: Pace & { confirm: string | undefined },
  context: Pick<FindContext, "page" | "signal">,
): Promise<string> {
  const { page, signal } = context;
  const keys = Array.from(text.replace(/\r\n?/g, "\n"));
  const last = keys.pop() ?? "";
  const between = Math.max(delayMs, byPage ? BY_PAGE_MS : 0);
  for (const key of keys) {
    await page.type(key, signal);
    // Where the key has opened a dialog or another page, the next command tells of it.
    if (byPage) await callAfterInput(context, DRAWN);
    await delay(between, undefined, { signal });
  }
  return await page.type(last, signal, confirm);
}
