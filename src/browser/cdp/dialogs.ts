import { PageError, type Dialog, type DialogAnswer } from "../../runner/ports.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { Change } from "../../async/abortable.js";
import { cutDialogMessage } from "../bounds.js";
import type { CdpSession } from "./connection.js";

/** Longest time to answer a dialog that nobody waits for, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Most dialogs that are remembered. */
const MOST_KEPT = 200;

/** The dialogs of all windows of a session, and the answer prepared for the next one. */
export class SessionDialogs {
  /** In the order in which they opened. */
  readonly records: Dialog[] = [];
  /** Answers the next dialog. */
  armed: DialogAnswer | undefined;

  add(dialog: Dialog): void {
    this.records.push(dialog);
    if (this.records.length > MOST_KEPT) this.records.shift();
  }

  disarm(): DialogAnswer | undefined {
    const answer = this.armed;
    this.armed = undefined;
    return answer;
  }
}

/** The dialogs of one window. */
export class CdpDialogs {
  readonly #session: CdpSession;
  readonly #shared: SessionDialogs;
  readonly #opened = new Change<Dialog>();
  readonly #blocked = new Change();
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
    return this.#shared.armed !== undefined;
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

  async answer(answer: DialogAnswer, signal: AbortSignal): Promise<void> {
    const open = this.#open;
    if (open === undefined) throw new PageError("protocol", "there is no open dialog");
    await this.#send(answer, open.defaultPrompt, signal);
    this.#close(open.dialog, answer.accept);
  }

  #onOpening(dialog: Dialog, defaultPrompt: string): void {
    this.#shared.add(dialog);
    // Nobody can mean a run to stay on a page that it has been told to leave.
    const answer = dialog.kind === "beforeunload" ? { accept: true } : this.#shared.disarm();
    if (answer === undefined) {
      this.#open = { dialog, defaultPrompt };
      this.#blocked.notify();
    } else {
      dialog.state = answer.accept ? "accepted" : "dismissed";
      // A window that has gone meanwhile needs no answer.
      this.#send(answer, defaultPrompt, timeoutSignal(ANSWER_TIMEOUT_MS)).catch(() => undefined);
    }
    if (dialog.kind !== "beforeunload") this.#opened.notify(dialog);
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
