import { z } from "zod";

/** A command in an event, as `selenium_script_json` has it. */
const CommandShown = z.looseObject({ action: z.string() });

export const SentenceOutcome = z
  .enum(["verified", "not_verified", "not_understood"])
  .describe(
    "`verified`: its commands passed on the page. `not_verified`: they did not, or could not be tried; they are kept as they are. `not_understood`: no command says it, or several elements fit.",
  );
export type SentenceOutcome = z.infer<typeof SentenceOutcome>;

export const SentenceEvidence = z.object({
  text: z.string().describe("In the author's words."),
  outcome: SentenceOutcome,
  message: z.string().nullable().describe("Why it is not verified or not understood; null where it is."),
  candidates: z.array(z.string()).optional().describe("The elements that fit, where there were several."),
  picture: z.string().nullable().describe("Path of a picture of the page as the sentence ended."),
  read_by: z
    .literal("openai")
    .optional()
    .describe("A language model has found its elements; rules have, where it is missing."),
  offered_checks: z
    .array(CommandShown)
    .optional()
    .describe(
      "Checks of what was seen afterwards, not written by the author. They are in no script until somebody accepts them.",
    ),
  accepted_checks: z
    .array(
      z.object({
        index: z.int().nonnegative().describe("Its place among all `offered_checks` of the step, from 0."),
        by: z.string().describe("Who accepted it."),
        at: z.string().describe("When; ISO 8601 in UTC."),
      }),
    )
    .optional()
    .describe("The offered checks that somebody has accepted: they are in the script."),
});
/** The outcome of a sentence on the page on which a generation tried it. */
export type SentenceEvidence = z.infer<typeof SentenceEvidence>;

export const TriedSentence = SentenceEvidence.extend({ commands: z.array(CommandShown) });
export type TriedSentence = z.infer<typeof TriedSentence>;

export const Verification = z
  .object({
    run_id: z.string().describe("The run in which they were tried."),
    sentences: z.array(SentenceEvidence),
  })
  .describe("What came of each sentence on the page.");
/** The outcomes of the sentences of a step, or of a case, on the page. */
export type Verification = z.infer<typeof Verification>;

/** True where each sentence passed on the page, false where one did not, null where none was tried. */
export const Verified = z
  .boolean()
  .nullable()
  .describe("Whether every sentence passed on the page when the script was generated; null: none was tried.");

/** As {@link Verified}. */
export function isVerified(verification: Verification | null | undefined): boolean | null {
  if (!verification) return null;
  return verification.sentences.every(({ outcome }) => outcome === "verified");
}
