import { AppError } from "../../protocol/errors.js";

/** An answer is a few kilobytes; a model that repeats itself without end is stopped here. */
const MAX_ANSWER_LENGTH = 1_000_000;

/** The reasons for which servers end an answer that is not at its end; each has its own word. */
const AT_ITS_LIMIT = /length|max_?tokens|token_?limit|context/i;

/** @throws AppError `ai_invalid_answer` when an answer that is still coming is too long already */
export function refuseEndless(text: string): void {
  if (text.length <= MAX_ANSWER_LENGTH) return;
  throw new AppError(
    "ai_invalid_answer",
    "The AI server's answer did not end. Try again, or choose another model in OPENAI_MODEL.",
  );
}

/**
 * Refuses an answer that its server did not bring to an end. One that ends without a reason is taken here; its JSON has
 * to be whole by itself.
 *
 * @param reason the server's `finish_reason`
 * @throws AppError
 */
export function requireEnd(text: string, reason: string | undefined): void {
  if (reason === "content_filter") throw declined();
  if (reason !== undefined && AT_ITS_LIMIT.test(reason)) {
    throw new AppError(
      "ai_invalid_answer",
      "The AI server's answer stopped half-way, at its length limit. Describe a shorter test, or choose a model " +
        "with longer answers in OPENAI_MODEL.",
    );
  }
  // A server that closes the stream tidily in the middle.
  if (reason === undefined && !/[}\]`]\s*$/.test(text)) {
    throw new AppError(
      "ai_unavailable",
      "The AI server's answer stopped half-way. Try again; if it stays so, check the AI server.",
    );
  }
}

export function declined(): AppError {
  return new AppError(
    "ai_invalid_answer",
    "The AI server declined to answer. Word the description differently.",
  );
}
