/**
 * The bounds of the texts that are taken from a page. It may send any amount, but the work on it has to end soon,
 * because every other run waits meanwhile.
 */

/** Longest text or address of a record, in characters. */
const MAX_RECORD_LENGTH = 2_000;

/** Longest message of a dialog, in characters: several times what a command may expect of it. */
const MAX_DIALOG_LENGTH = 100_000;

export function cutRecord(text: string): string {
  return cut(text, MAX_RECORD_LENGTH);
}

export function cutDialogMessage(message: string): string {
  return cut(message, MAX_DIALOG_LENGTH);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
