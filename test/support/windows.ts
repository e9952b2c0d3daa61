import type { Page } from "../../src/runner/ports.js";

/** Closes every window of a session but its first, and goes on in that one. */
export async function closeAllButFirst(page: Page, signal = AbortSignal.timeout(20_000)): Promise<void> {
  const [first, ...others] = await page.windows(signal);
  for (const { id } of others) {
    await page.switchWindow(id, signal);
    await page.closeWindow(signal);
  }
  if (first !== undefined) await page.switchWindow(first.id, signal);
}
