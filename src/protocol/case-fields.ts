import { z } from "zod";
import { MAX_KEY_DELAY } from "./limits.js";

/** Most tags of one case. */
const MAX_TAGS = 50;

/**
 * The name under which files know a case: it stays when the case is renamed, and no other case of a server has it.
 */
export const Slug = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/, {
    error: "must be small letters and digits, with '-', '_' or '.' between them",
  })
  .describe("The name under which files know the case; no other case of a server has it.");

const Tag = z.string().trim().min(1).max(100);

/** Words by which cases are chosen. */
export const Tags = z
  .array(Tag)
  .max(MAX_TAGS)
  .refine((tags) => new Set(tags).size === tags.length, { error: "must not hold the same tag twice" })
  .describe("Words by which cases are chosen.");

export const TypingDelay = z
  .int()
  .min(0)
  .max(MAX_KEY_DELAY)
  .describe(
    "Time between two keys of a text, in milliseconds, for its commands that name no `delay`; the server's own when it is missing.",
  );

/** Makes a slug of a case's name: `Log in as “admin”` becomes `log-in-as-admin`. */
export function slugOf(name: string): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return words?.join("-").slice(0, 80).replace(/-$/, "") ?? "case";
}
