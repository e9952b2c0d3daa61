import { setTimeout as delay } from "node:timers/promises";
import { error as driverErrors, type Alert, type WebDriver } from "selenium-webdriver";
import { PageError, type Dialog, type DialogAnswer } from "../../runner/ports.js";
import { cutDialogMessage } from "../bounds.js";
import { pause } from "../../async/abortable.js";
import { pageErrorOf, type ClassicDriver } from "./driver.js";
import type { ClassicLogs } from "./logs.js";

/** Time between two looks for a dialog while somebody waits for one, in milliseconds. */
const LOOK_MS = 50;
/** Time between two looks at any time, in milliseconds. */
const WATCH_MS = 250;
/** Most dialogs that are remembered. */
const MOST_KEPT = 300;

/**
 * The dialogs of the current window. Classic WebDriver does not tell when one opens: it is found by looking for
 * it, after each input and now and then, or by a command that it keeps from being carried out.
 */
export class ClassicDialogs {
  readonly records: Dialog[] = [];
  readonly #driver: ClassicDriver;
  readonly #logs: ClassicLogs;
  /** Answers to the next dialogs, one each. */
  readonly #armed: DialogAnswer[] = [];
  /** Number of times that an answer which was prepared has kept a page from being left. */
  stayed = 0;

  constructor(driver: ClassicDriver, logs: ClassicLogs) {
    this.#driver = driver;
    this.#logs = logs;
  }

  get open(): Dialog | undefined {
    const last = this.records.at(-1);
    return last?.state === "open" ? last : undefined;
  }

  /** True while the next dialog has its answer already. */
  get isArmed(): boolean {
    return this.#armed.length > 0;
  }

  /** Looks for dialogs now and then from now on. The looks also notice that the browser is lost. */
  watch(): void {
    void this.#keepLooking(this.#driver.lost);
  }

  /** Looks for an open dialog, and gives an expected one its answer. */
  async look(signal: AbortSignal): Promise<Dialog | undefined> {
    await this.#driver.send((driver) => this.#look(driver), signal);
    return this.open;
  }

  /** Resolves once a dialog is open. */
  async whenOpen(signal: AbortSignal): Promise<Dialog> {
    const before = this.records.length;
    for (;;) {
      const open = await this.look(signal);
      if (open) return open;
      // A dialog may have opened and had its prepared answer already.
      const answered = this.records.length > before ? this.records.at(-1) : undefined;
      if (answered) return answered;
      await pause(LOOK_MS, signal);
    }
  }

  /** Resolves once no dialog is open. */
  async whenClosed(signal: AbortSignal): Promise<void> {
    while (await this.look(signal)) await pause(LOOK_MS, signal);
  }

  async answer(answer: DialogAnswer, signal: AbortSignal): Promise<void> {
    try {
      await this.#driver.send(async (driver) => {
        const alert = await driver.switchTo().alert();
        // This dialog may be another than the last one seen: it can open as soon as the one before is closed.
        if (this.open === undefined) await this.#look(driver);
        await give(alert, answer, this.open?.kind);
        this.#closed(answer.accept);
        // The next dialog of a row opens at once, and should be known before anybody asks.
        await this.#look(driver);
      }, signal);
    } catch (error) {
      if (!(error instanceof driverErrors.NoSuchAlertError)) throw pageErrorOf(error);
      this.#closed(false);
      throw new PageError("protocol", "there is no open dialog", { cause: error });
    }
  }

  /** Answers the next dialog as soon as it is seen. Nothing: no dialog any more. */
  arm(answer: DialogAnswer | undefined): void {
    if (answer) this.#armed.push(answer);
    else this.#armed.length = 0;
  }

  async #keepLooking(lost: AbortSignal): Promise<void> {
    while (!lost.aborted) {
      // A look that fails for another reason than the loss of the browser is made again.
      await this.look(lost).catch(() => undefined);
      await delay(WATCH_MS, undefined, { signal: lost, ref: false }).catch(() => undefined);
    }
  }

  /** Chromium's log tells a dialog's kind; Firefox does when the dialog keeps a command from running. */
  async #kindOf(message: string, driver: WebDriver): Promise<Dialog["kind"]> {
    await this.#logs.read(driver);
    const logged = this.#logs.kindOfDialog(message);
    if (logged !== undefined) return logged;
    const refusal: unknown = await driver.getTitle().catch((error: unknown) => error);
    const told =
      refusal instanceof Error ? /\b(confirm|prompt|beforeunload)\b dialog/i.exec(refusal.message) : null;
    return (told?.[1]?.toLowerCase() ?? "alert") as Dialog["kind"];
  }

  async #look(driver: WebDriver): Promise<void> {
    const message = await messageOfOpen(driver);
    if (message === undefined) {
      this.#closed(false);
      return;
    }
    if (this.open) return;
    const kind = await this.#kindOf(message, driver);
    const armed = this.#armed.shift();
    // The answer comes before anybody is told of the dialog: nobody else may try to answer it too.
    if (armed) await give(await driver.switchTo().alert(), armed, kind);
    if (armed?.accept === false && kind === "beforeunload") this.stayed++;
    const state = armed === undefined ? "open" : stateAfter(armed.accept);
    this.records.push({ kind, message: cutDialogMessage(message), state });
    if (this.records.length > MOST_KEPT) this.records.shift();
  }

  #closed(accepted: boolean): void {
    const { open } = this;
    if (open) open.state = stateAfter(accepted);
  }
}

function stateAfter(accepted: boolean): Dialog["state"] {
  return accepted ? "accepted" : "dismissed";
}

async function messageOfOpen(driver: WebDriver): Promise<string | undefined> {
  try {
    const alert = await driver.switchTo().alert();
    // The types do not know it: chromedriver answers with no text while a window with no dialog is closing.
    const text: unknown = await alert.getText();
    return typeof text === "string" ? text : undefined;
  } catch (error) {
    // A window that has gone has no dialog either; the next command in it will say so.
    if (error instanceof driverErrors.NoSuchAlertError || error instanceof driverErrors.NoSuchWindowError)
      return undefined;
    throw error;
  }
}

async function give(alert: Alert, answer: DialogAnswer, kind: Dialog["kind"] | undefined): Promise<void> {
  if (answer.accept && answer.promptText !== undefined && kind !== "confirm" && kind !== "beforeunload")
    await typeInto(alert, answer.promptText);
  await (answer.accept ? alert.accept() : alert.dismiss());
}

/** A dialog of no known kind counts as an alert; only trying tells whether it is a prompt. */
async function typeInto(alert: Alert, text: string): Promise<void> {
  try {
    await alert.sendKeys(text);
  } catch (error) {
    if (!(error instanceof driverErrors.ElementNotInteractableError)) throw error;
  }
}
