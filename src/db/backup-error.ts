/** A backup or a restore cannot be made. Nothing has been changed. The message says what to do about it. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}
