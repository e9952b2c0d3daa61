/** A backup, a restore or a copy cannot be made. Nothing has been changed. The message says what to do about it. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}
