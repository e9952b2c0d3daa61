import { AppError } from "../protocol/errors.js";

/** A document that cannot be read, with the place and the remedy in its message. */
export function invalidDocument(message: string): AppError {
  return new AppError("invalid_description", message);
}
