import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import { PageError } from "../../runner/ports.js";
import { abortable } from "../../async/abortable.js";
import { BrowserLostError } from "../launched-browser.js";

/** Longest time of a command that nobody waits for any more, in milliseconds; after it the browser counts as stuck. */
const STUCK_MS = 5_000;

/**
 * The words of drivers, beside their error codes, when the browser or the page's process has gone. A Grid whose node no
 * longer answers has the code `unknown error` for it.
 */
const LOST =
  /disconnected:|not connected to DevTools|(chrome|edge) not reachable|session deleted|Failed to decode response from marionette|ECONNREFUSED|ECONNRESET|socket hang up|Connection refused|Unable to execute request for an existing session/i;

/** The words of drivers when the document, or its world, went away while it was spoken to; it has no one code. */
const REPLACED =
  /document (was )?unloaded|aborted by navigation|context with specified id|context was destroyed|Cannot find (context|default execution context)|Inspected target navigated|frame (was )?detached|no such execution context|has been discarded|actor .* destroyed|evalInSandbox/i;

/**
 * One session of classic WebDriver: one command at a time, each of them cancellable for its caller.
 *
 * Nothing in the protocol takes back a command that was sent, so a cancelled one goes on and the next waits for
 * it. That is why no command here may wait long in the browser; one that does all the same ends the session.
 */
export class ClassicDriver {
  readonly #driver: WebDriver;
  readonly #lost = new AbortController();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(driver: WebDriver) {
    this.#driver = driver;
  }

  /** Aborted with a {@link BrowserLostError} once nothing can be sent any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Sends commands as one unit, after the ones before them. A unit must leave the driver in the window and frame
   * in which it found it, or tell the object that keeps track of that.
   *
   * @throws BrowserLostError, the signal's reason, or the driver's own error
   */
  async send<T>(unit: (driver: WebDriver) => Promise<T>, signal: AbortSignal): Promise<T> {
    this.lost.throwIfAborted();
    signal.throwIfAborted();
    let isDone = false;
    const turn = this.#tail.then(async () => {
      signal.throwIfAborted();
      this.lost.throwIfAborted();
      return await unit(this.#driver);
    });
    this.#tail = turn.then(
      () => (isDone = true),
      () => (isDone = true),
    );
    try {
      return await abortable(turn, signal, this.lost);
    } catch (error) {
      if (signal.aborted) this.#watch(() => isDone);
      else if (isLoss(error)) this.lose(messageOf(error));
      this.lost.throwIfAborted();
      throw error;
    }
  }

  /** From now on nothing can be sent. */
  lose(why: string): void {
    if (!this.lost.aborted) this.#lost.abort(new BrowserLostError(`The browser is gone: ${why}.`));
  }

  #watch(isDone: () => boolean): void {
    const timer = setTimeout(() => {
      if (!isDone()) this.lose("its page keeps it from answering");
    }, STUCK_MS);
    timer.unref();
  }
}

/**
 * True for the error of a command that an open dialog has kept from being carried out. chromedriver has another for the
 * question whether to leave a page: https://issues.chromium.org/issues/533493931
 */
export function isDialogOpen(error: unknown): boolean {
  if (error instanceof driverErrors.UnexpectedAlertOpenError) return true;
  return (
    error instanceof driverErrors.InvalidArgumentError && error.message.includes("Unexpected dialog type")
  );
}

/** A driver's error as the page's port knows them. */
export function pageErrorOf(error: unknown): unknown {
  if (!(error instanceof driverErrors.WebDriverError)) return error;
  return new PageError(kindOf(error), messageOf(error), { cause: error });
}

function kindOf(error: Error): PageError["kind"] {
  // Drivers give a frame that was removed the same code as a window that was closed.
  if (error instanceof driverErrors.NoSuchWindowError) return "window-closed";
  if (error instanceof driverErrors.MoveTargetOutOfBoundsError) return "out-of-view";
  const gone = [driverErrors.NoSuchFrameError, driverErrors.StaleElementReferenceError];
  return gone.some((type) => error instanceof type) || REPLACED.test(error.message)
    ? "document-replaced"
    : "protocol";
}

function isLoss(error: unknown): boolean {
  if (error instanceof driverErrors.NoSuchSessionError) return true;
  return error instanceof Error && !(error instanceof BrowserLostError) && LOST.test(error.message);
}

/** Longest message of a driver that is looked at, in characters: some quote the page. */
const MAX_MESSAGE_LENGTH = 2_000;

/** The first line without the driver's name and versions, which follow it. */
function messageOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE_LENGTH);
  return (text.split("\n")[0] ?? "").replace(/[.\s]+$/, "");
}
