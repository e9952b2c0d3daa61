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

/** Dismisses the dialog that nobody has answered, for a command that needs the page behind it. */
export async function dismissForgotten({
  page,
  signal,
  log,
}: Pick<CommandContext, "page" | "signal" | "log">): Promise<void> {
  for (let dismissed = 0; page.openDialog !== undefined && dismissed < MOST_IN_A_ROW; dismissed++) {
    const description = describeDialog(page.openDialog);
    await page.answerDialog({ accept: false }, signal);
    log({ level: "warning", message: `Nobody answered the ${description}; it was dismissed.` });
  }
}

type DialogContext = Pick<CommandContext, "page" | "variables" | "memory">;

/** Remembers what the message of the next dialog has to be; `undefined` forgets what was expected before. */
export function expectOfNextDialog(
  expectation: TextExpectation | undefined,
  { page, memory }: DialogContext,
): void {
  const after = page.records.dialogs.at(-1);
  memory.nextDialog = expectation && { expectation, after };
}

/** @returns the expectation that was not met, in the words of a message, once that dialog has opened */
export function unexpectedDialog({ page, variables, memory }: DialogContext): string | undefined {
  if (memory.nextDialog === undefined) return undefined;
  const { expectation, after } = memory.nextDialog;
  const { dialogs } = page.records;
  const dialog = dialogs[(after === undefined ? -1 : dialogs.lastIndexOf(after)) + 1];
  if (dialog === undefined) return undefined;
  memory.nextDialog = undefined;
  if (wholeComparison(expectation, variables).isAsExpected(dialog.message)) return undefined;
  return `expected a dialog whose message ${verbOf(expectation)}, but there was the ${describeDialog(dialog)}`;
}
