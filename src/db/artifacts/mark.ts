import { randomUUID } from "node:crypto";
import { z } from "zod";

/** The file that says whose the artifacts beside it are. */
export const MARK_FILE = "stepwire-artifacts.json";

const ABOUT =
  "The Stepwire database named here owns the artifacts in this folder. Without this file no Stepwire server uses it.";

/** The mark of a place of artifacts, which says whose it is. */
const Mark = z.object({
  /** The same mark as in the database. */
  mark: z.string().min(1),
  /** Place of the database when it was used last. */
  database: z.string(),
});
export type Mark = z.infer<typeof Mark>;

export function newMark(): string {
  return randomUUID();
}

/** @throws Error when the text is no mark */
export function parseMark(text: string): Mark {
  return Mark.parse(JSON.parse(text));
}

export function formatMark(mark: Mark): string {
  return `${JSON.stringify({ about: ABOUT, ...mark }, null, 2)}\n`;
}

/**
 * Makes sure that a place still has the mark of its database.
 *
 * @param place its name, for the message
 * @throws Error when the mark is gone, or another's
 */
export function requireMark(found: Mark | undefined, expected: string, place: string): void {
  if (found?.mark === expected) return;
  const state = found === undefined ? "is not there, or has lost its mark" : "belongs to another database";
  throw new Error(
    `ARTIFACTS_DIR: ${place} ${state} (${MARK_FILE}). Nothing is kept of runs until that is put right.`,
  );
}
