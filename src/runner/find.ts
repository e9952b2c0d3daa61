import { setTimeout as delay } from "node:timers/promises";
import { PAGE_SCRIPT } from "./page-script.generated.js";
import type { PageRequest, PageResult, Satisfied } from "./page/requests.js";
import { PageError, type Page } from "./ports.js";

/** Longest single wait inside the page, in milliseconds; a longer one is made of several. */
const SLICE_MS = 10_000;

/** Pause before asking a document again that was replaced while it was asked, in milliseconds. */
const REPLACED_PAUSE_MS = 10;

const MISSING = "missing";
const FIND = `(request) => globalThis.stepwirePage ? stepwirePage.find(request) : "${MISSING}"`;
const INSTALL_AND_FIND = `(request) => { ${PAGE_SCRIPT} return stepwirePage.find(request); }`;

const CONFIRM_CLICK = `() => globalThis.stepwirePage?.confirmClick() ?? ""`;

/** The element never became what the command needs: the application did not do what the step expects. */
export class NotSatisfied extends Error {
  override readonly name = "NotSatisfied";
}

/** The locator can find nothing in any document: the script is at fault. */
export class InvalidLocator extends Error {
  override readonly name = "InvalidLocator";
}

/**
 * Waits in the page until the request's condition holds. A navigation in the middle of the wait restarts it
 * in the new document; the time already spent counts.
 *
 * @throws NotSatisfied when the time is up, with what was seen last.
 * @throws InvalidLocator at once when the locator is not valid.
 */
export async function find(page: Page, request: PageRequest, signal: AbortSignal): Promise<Satisfied> {
  const deadline = performance.now() + request.timeoutMs;
  let seen = "the page was still loading";
  for (;;) {
    const remaining = deadline - performance.now();
    if (remaining < 0) throw new NotSatisfied(seen);
    try {
      const result = await ask(page, { ...request, timeoutMs: Math.min(remaining, SLICE_MS) }, signal);
      if (result.outcome === "satisfied") return result;
      if (result.outcome === "invalid-locator") throw new InvalidLocator(result.reason);
      seen = result.seen;
    } catch (error) {
      if (!(error instanceof PageError && error.kind === "document-replaced")) throw error;
      await delay(REPLACED_PAUSE_MS, undefined, { signal });
    }
    if (performance.now() >= deadline) throw new NotSatisfied(seen);
  }
}

/**
 * Clicks an element as soon as it can be clicked, and again when the page moved or covered it in the very
 * moment of the click; what was hit instead never learns of it.
 *
 * @throws as {@link find}
 */
export async function findAndClick(
  page: Page,
  request: Omit<PageRequest, "until">,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + request.timeoutMs;
  for (;;) {
    const timeoutMs = Math.max(deadline - performance.now(), 0);
    const { point } = await find(page, { ...request, until: "clickable", timeoutMs }, signal);
    if (point === undefined) throw new Error("the page named no point to click");
    await page.click(point, signal);
    const missedBy = await confirmClick(page, signal);
    if (missedBy === "") return;
    if (performance.now() >= deadline) throw new NotSatisfied(`${missedBy} was in its place at each click`);
  }
}

/** What the click hit instead of the element it was meant for; empty when it hit that. */
async function confirmClick(page: Page, signal: AbortSignal): Promise<string> {
  try {
    return await page.call(CONFIRM_CLICK, "", signal);
  } catch (error) {
    // The click has led to another document, which only the right element can have done.
    if (error instanceof PageError && error.kind === "document-replaced") return "";
    throw error;
  }
}

/** The document of each page that has the script already, by its number. */
const scripted = new WeakMap<Page, number>();

/** Asks the script in the page, putting it there first where a document has none yet. */
async function ask(page: Page, request: PageRequest, signal: AbortSignal): Promise<PageResult> {
  const argument = JSON.stringify(request);
  const known = scripted.get(page) === page.documents;
  let answer = known ? await page.call(FIND, argument, signal) : MISSING;
  if (answer === MISSING) {
    answer = await page.call(INSTALL_AND_FIND, argument, signal);
    scripted.set(page, page.documents);
  }
  // Written by our own script in its own world, which the application cannot reach.
  return JSON.parse(answer) as PageResult;
}
