/** The database cannot be used. The message is written for the operator, with the remedy. */
export class DatabaseStartError extends Error {
  override readonly name = "DatabaseStartError";
}
