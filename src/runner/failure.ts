import { describeDialog } from "./dialogs.js";
import { DialogInTheWay, Impossible, InvalidLocator, NotSatisfied } from "./find.js";
import { quote } from "./matching.js";
import type { Dialog, PendingNavigation } from "./ports.js";

/**
 * The reason why a command did not pass: `failed` when the application is at fault, `error` when nobody could judge it.
 */
export interface Failure {
  verdict: "failed" | "error";
  message: string;
}

/** The facts about a command that ends without having passed. */
export interface FailedCommand {
  /** The thing that has to be true, as a noun. */
  expected: string;
  /** Time for which it was waited for; missing when it was not. */
  seconds: number | undefined;
  /** The command's time with its grace, when that is used up; in seconds. */
  hungAfter: number | undefined;
  openDialog: Dialog | undefined;
  /** A navigation for which the page waits, and the browser with it. */
  pendingNavigation: PendingNavigation | undefined;
}

/** Turns what an executor has thrown into a verdict with a reason. */
export function explainFailure(error: unknown, failed: FailedCommand): Failure {
  const { expected, seconds, hungAfter, openDialog, pendingNavigation } = failed;
  const within = seconds === undefined ? "" : ` within ${seconds} s`;
  if (error instanceof NotSatisfied) {
    return { verdict: "failed", message: `expected ${expected}${within}, but ${error.message}.` };
  }
  if (error instanceof InvalidLocator) {
    return { verdict: "error", message: `the locator is not valid: ${error.message}` };
  }
  const dialog = error instanceof DialogInTheWay ? error.dialog : hungAfter !== undefined && openDialog;
  if (dialog) {
    const reason = `the ${describeDialog(dialog)} is in the way; answer it with handle_dialog`;
    return { verdict: "failed", message: `expected ${expected}, but ${reason}.` };
  }
  const hasHung = hungAfter !== undefined && !(error instanceof Impossible);
  const reason = hasHung ? whyHung(hungAfter, pendingNavigation) : messageOf(error);
  return { verdict: "error", message: `expected ${expected}, but ${reason}` };
}

function whyHung(hungAfter: number, pending: PendingNavigation | undefined): string {
  if (pending === undefined) return `the page did not respond within ${hungAfter} s.`;
  const seconds = Math.max(1, Math.round((performance.now() - pending.since) / 1000));
  const to = pending.url === undefined ? "" : ` to ${quote(pending.url)}`;
  return `a navigation${to} has been pending for ${seconds} s, and nothing can be told of the page until it has come or ended.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
