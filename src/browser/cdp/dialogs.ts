import { PageError, type Dialog, type DialogAnswer } from "../../runner/ports.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { Change, pause } from "../../async/abortable.js";
import { cutDialogMessage } from "../bounds.js";
import { CdpError, type CdpSession } from "./connection.js";

/** Longest time to answer a dialog that nobody waits for, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Pause before an answer is given again between two documents, in milliseconds. */
const BETWEEN_DOCUMENTS_MS = 10;
/** Most dialogs that are remembered. */
const MOST_KEPT = 200;

/** The dialogs of all windows of a session, and the answers prepared for the next ones. */
export class SessionDialogs {
  /** In the order in which they opened. */
  readonly records: Dialog[] = [];
  /** Answers to the next dialogs, one each. */
  readonly armed: DialogAnswer[] = [];

  add(dialog: Dialog): void {
    this.records.push(dialog);
    if (this.records.length > MOST_KEPT) this.records.shift();
  }
}

/** The dialogs of one window. */
export class CdpDialogs {
  readonly #session: CdpSession;
  readonly #shared: SessionDialogs;
  readonly #opened = new Change<Dialog>();
  readonly #blocked = new Change();
  readonly #stayed = new Change();
  #open: { dialog: Dialog; defaultPrompt: string } | undefined;

  constructor(session: CdpSession, shared: SessionDialogs) {
    this.#session = session;
    this.#shared = shared;
    session.on("Page.javascriptDialogOpening", ({ type, message, defaultPrompt = "" }) => {
      this.#onOpening({ kind: type, message: cutDialogMessage(message), state: "open" }, defaultPrompt);
    });
    session.on("Page.javascriptDialogClosed", ({ result }) => {
      this.#close(this.#open?.dialog, result);
    });
  }

  get open(): Dialog | undefined {
    return this.#open?.dialog;
  }

  /** True while an answer is prepared for the next dialog. */
  get isArmed(): boolean {
    return this.#shared.armed.length > 0;
  }

  /** Resolves once a dialog is open, or was open until the answer prepared for it was given. */
  async whenOpen(signal: AbortSignal): Promise<Dialog> {
    if (this.#open) return this.#open.dialog;
    return await this.#opened.next(signal);
  }

  /** Resolves once a dialog blocks the page: one that no answer was prepared for. */
  async whenBlocked(signal: AbortSignal): Promise<void> {
    if (!this.#open) await this.#blocked.next(signal);
  }

  /** Resolves once an answer that was prepared has kept the page from being left. */
  async whenStayed(signal: AbortSignal): Promise<void> {
    await this.#stayed.next(signal);
  }

  async answer(answer: DialogAnswer, signal: AbortSignal): Promise<void> {
    const open = this.#open;
    if (open === undefined) throw new PageError("protocol", "there is no open dialog");
    while (this.#open === open && !(await this.#give(answer, open.defaultPrompt, signal)))
      await pause(BETWEEN_DOCUMENTS_MS, signal);
    this.#close(open.dialog, answer.accept);
  }

  /** @returns whether the browser could take the answer: it has no page while one document takes another's place */
  async #give(answer: DialogAnswer, defaultPrompt: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#send(answer, defaultPrompt, signal);
      return true;
    } catch (error) {
      if (!(error instanceof CdpError)) throw error;
      if (error.message.includes("active page")) return false;
      // A page that was to be left may have gone with what it asked.
      if (this.#open?.dialog.kind === "beforeunload" && error.message.includes("No dialog")) return true;
      throw error;
    }
  }

  /** The window has gone, and with it whatever it asked. */
  close(): void {
    this.#close(this.#open?.dialog, false);
  }

  #onOpening(dialog: Dialog, defaultPrompt: string): void {
    this.#shared.add(dialog);
    const answer = this.#shared.armed.shift();
    if (answer === undefined) {
      this.#open = { dialog, defaultPrompt };
      this.#blocked.notify();
    } else {
      dialog.state = answer.accept ? "accepted" : "dismissed";
      if (dialog.kind === "beforeunload" && !answer.accept) this.#stayed.notify();
      // A window that has gone meanwhile needs no answer.
      this.#send(answer, defaultPrompt, timeoutSignal(ANSWER_TIMEOUT_MS)).catch(() => undefined);
    }
    this.#opened.notify(dialog);
  }

  async #send(
    { accept, promptText }: DialogAnswer,
    defaultPrompt: string,
    signal: AbortSignal,
  ): Promise<void> {
    const answer = { accept, promptText: promptText ?? defaultPrompt };
    await this.#session.send("Page.handleJavaScriptDialog", answer, signal);
  }

  #close(dialog: Dialog | undefined, accepted: boolean): void {
    if (dialog === undefined || dialog !== this.#open?.dialog) return;
    dialog.state = accepted ? "accepted" : "dismissed";
    this.#open = undefined;
  }
}
