import { DialogInTheWay } from "./ask-page.js";
import type { CommandContext } from "./executor.js";
import { quote, verbOf, type TextExpectation } from "./matching.js";
import type { Dialog } from "./ports.js";
import { wholeComparison } from "./secrets/whole-comparison.js";

/** Most dialogs that open as the last is closed, such as two alerts in a row, before a page counts as a nuisance. */
const MOST_IN_A_ROW = 20;

/** A dialog as people read it: `alert "Are you sure?"`. */
export function describeDialog({ kind, message }: Dialog): string {
  return kind === "beforeunload" ? "question whether to leave the page" : `${kind} ${quote(message)}`;
}

type InTheWay = Pick<CommandContext, "page" | "signal" | "log" | "memory" | "dialogs">;

/**
 * Clears the way for a command that needs the page behind a dialog that nobody has answered.
 *
 * @throws DialogInTheWay where one that nobody expected is not to be dismissed
 */
export async function clearTheWay(context: InTheWay): Promise<void> {
  const { page, memory } = context;
  for (let cleared = 0; page.openDialog !== undefined && cleared < MOST_IN_A_ROW; cleared++) {
    const dialog = page.openDialog;
    if (!mayBeClosed(dialog, context)) {
      memory.failedBy = dialog;
      throw new DialogInTheWay(dialog);
    }
    await close(dialog, context);
  }
}

/** True for a dialog that fails no command. */
export function mayBeClosed(
  dialog: Dialog,
  { memory, dialogs }: Pick<InTheWay, "memory" | "dialogs">,
): boolean {
  return dialogs === "dismiss" || dialog === memory.failedBy || dialog === memory.leaving;
}

/** Leaves the page that asks whether to, as the standard of WebDriver does; dismisses any other dialog. */
async function close(dialog: Dialog, { page, signal, log }: InTheWay): Promise<void> {
  const accept = dialog.kind === "beforeunload";
  const description = describeDialog(dialog);
  await page.answerDialog({ accept }, signal);
  const done = accept ? "the page was left" : "it was dismissed";
  log({ level: "warning", message: `Nobody answered the ${description}; ${done}.` });
}

type DialogContext = Pick<CommandContext, "page" | "variables" | "memory">;

/** Remembers that a dialog has to open, and what its message has to be. */
export function expectDialog(
  expectation: TextExpectation | undefined,
  { page, memory, number, timeoutMs }: Pick<CommandContext, "page" | "memory" | "number" | "timeoutMs">,
): void {
  const after = page.records.dialogs.at(-1);
  (memory.expectedDialogs ??= []).push({ expectation, after, command: number, timeoutMs });
}

/**
 * Compares the dialogs that have opened with those that were expected.
 *
 * @returns the first expectation that was not met, in the words of a message
 */
export function unexpectedDialog({ page, variables, memory }: DialogContext): string | undefined {
  const expected = memory.expectedDialogs;
  for (let next = expected?.[0]; expected !== undefined && next !== undefined; next = expected[0]) {
    const { expectation, after } = next;
    const { dialogs } = page.records;
    const dialog = dialogs[(after === undefined ? -1 : dialogs.lastIndexOf(after)) + 1];
    if (dialog === undefined) return undefined;
    expected.shift();
    if (expected[0]) expected[0].after = dialog;
    if (expectation === undefined || wholeComparison(expectation, variables).isAsExpected(dialog.message))
      continue;
    return `expected ${describeExpected(expectation)}, but there was the ${describeDialog(dialog)}`;
  }
  return undefined;
}

/** A dialog that is expected, as a noun. */
export function describeExpected(expectation: TextExpectation | undefined): string {
  return expectation === undefined ? "a dialog" : `a dialog whose message ${verbOf(expectation)}`;
}
