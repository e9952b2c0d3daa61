import { timeoutSignal } from "../async/timeout-signal.js";
import type { Command } from "../protocol/commands.js";
import { describeDialog, describeExpected, mayBeClosed, unexpectedDialog } from "./dialogs.js";
import type { Failure } from "./failure.js";
import { waitForEvent } from "./polling.js";
import type { ScriptScope } from "./ports.js";

/** Time to leave a page whose question whether to do so nobody has answered, in milliseconds. */
const LEAVING_MS = 10_000;

/** A failure that shows only at the end of a script, and the number of the command that brought it about. */
export interface LateFailure extends Failure {
  number: number;
}

/** Looks for what a script that has come to its end still owes: a dialog that was expected, an answer to one. */
export async function failureAtEnd(
  last: { number: number; command: Command },
  scope: ScriptScope,
): Promise<LateFailure | undefined> {
  return (await missingDialog(scope)) ?? (await openDialog(last, scope));
}

/** Forgets the dialogs that were expected: those of another script are not meant. */
export function forgetExpected({ page, memory }: ScriptScope): void {
  if (memory.expectedDialogs === undefined) return;
  memory.expectedDialogs = undefined;
  page.armDialog(undefined);
}

/** Waits for the dialogs that were expected and have not opened yet. */
async function missingDialog(scope: ScriptScope): Promise<LateFailure | undefined> {
  const { page, memory, signal } = scope;
  for (let next = memory.expectedDialogs?.[0]; next !== undefined; next = memory.expectedDialogs?.[0]) {
    const { command: number, expectation, timeoutMs } = next;
    const named = (message: string): LateFailure => ({
      number,
      verdict: "failed",
      message: `Command ${number} (handle_dialog): ${message}.`,
    });
    let wrong: string | undefined;
    const isMissing = () => {
      wrong ??= unexpectedDialog(scope);
      return wrong === undefined && memory.expectedDialogs?.[0] === next;
    };
    try {
      // Behind a dialog that is open no other opens.
      const limits = { signal, timeoutMs: page.openDialog === undefined ? timeoutMs : 0 };
      const look = () => (isMissing() ? "no dialog opened" : undefined);
      await waitForEvent(look, (until) => page.dialogOpened(until), limits);
    } catch {
      signal.throwIfAborted();
      // Nothing more can open in a window that has gone.
    }
    if (wrong !== undefined) return named(wrong);
    if (memory.expectedDialogs?.[0] === next)
      return named(
        `expected ${describeExpected(expectation)} to open, but none did before the end of the step`,
      );
  }
  return undefined;
}

/** A dialog that is still open has kept the page from showing what came of the last command. */
async function openDialog(
  { number, command }: { number: number; command: Command },
  { page, memory, dialogs, signal }: ScriptScope,
): Promise<LateFailure | undefined> {
  const open = page.openDialog ?? page.records.dialogs.find(({ state }) => state === "open");
  if (open === undefined || dialogs === "dismiss") return undefined;
  const label = `Command ${number} (${command.action})`;
  if (open === memory.leaving && open === page.openDialog)
    return await leave(label, number, { page, signal });
  if (mayBeClosed(open, { memory, dialogs })) return undefined;
  memory.failedBy = open;
  const message = `${label}: the ${describeDialog(open)} was open at the end of the step; answer it with handle_dialog.`;
  return { number, verdict: "failed", message };
}

async function leave(
  label: string,
  number: number,
  { page, signal }: Pick<ScriptScope, "page" | "signal">,
): Promise<LateFailure | undefined> {
  try {
    const soon = AbortSignal.any([signal, timeoutSignal(LEAVING_MS)]);
    await page.answerDialog({ accept: true }, soon);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { number, verdict: "error", message: `${label}: expected the page to be left, but ${reason}.` };
  }
}
