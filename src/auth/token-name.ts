import { z } from "zod";

/** The name that people give a token, on command lines too. */
export const TokenName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
    error: "must be 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit",
  })
  .describe("Unique among all tokens, also those that are revoked.");
