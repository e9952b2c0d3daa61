/** Words of the system, SQLite and the libraries between for a disk without space, or a quota that is used up. */
const CODES: readonly unknown[] = ["ENOSPC", "EDQUOT", "SQLITE_FULL"];
const WORDS = /disk is full|SQLITE_FULL|no space left on device|ENOSPC|EDQUOT/i;

/** Causes that are looked at, below an error. */
const DEPTH = 5;

/** True when an error, or one that caused it, tells that a disk is full. */
export function isDiskFull(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < DEPTH && cause instanceof Error; depth++) {
    if ("code" in cause && CODES.includes(cause.code)) return true;
    if (WORDS.test(cause.message)) return true;
    ({ cause } = cause);
  }
  return false;
}
