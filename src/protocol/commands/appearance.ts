import { z } from "zod";
import { command } from "./command.js";
import { NonEmptyText, waiting } from "./fields.js";
import { optionalTarget, WHOLE_LOCATOR } from "./locator.js";

/** Most rules, tags or parts that one command may name. */
const MAX_NAMES = 100;

const names = z.array(NonEmptyText.max(200)).min(1).max(MAX_NAMES);

/** Impacts of accessibility problems as axe-core has them, from the least on. */
export const IMPACTS = ["minor", "moderate", "serious", "critical"] as const;

/** Checks of the page as a whole, as it looks and as it is used. */
export const appearance = {
  verify_accessible: command({
    action: "verify_accessible",
    description:
      "Passes when axe-core finds no accessibility problem in the page, its frames included, or in the part that the locator finds.",
    fields: {
      ...optionalTarget,
      tags: names
        .optional()
        .describe(
          "Only rules with one of these tags, such as `wcag2a`, `wcag2aa`, `wcag21aa`, `best-practice`; all rules but the experimental ones unless given.",
        ),
      rules: names.optional().describe("Only these rules, such as `color-contrast`, instead of `tags`."),
      ignore_rules: names.optional().describe("Rules that are left out."),
      impact: z
        .enum(IMPACTS)
        .optional()
        .describe("The least impact that counts; `minor` unless given, so that everything does."),
      exclude: names.optional().describe("CSS selectors of parts, such as frames, that are left out."),
      soft: z.boolean().optional().describe("Goes on when it does not pass, and fails the step at its end."),
      ...waiting,
    },
    rules: [
      WHOLE_LOCATOR,
      {
        holds: ({ tags, rules }) => tags === undefined || rules === undefined,
        words: "needs at most one of 'tags' and 'rules'",
      },
    ],
    example: { tags: ["wcag2a", "wcag2aa"], impact: "serious" },
    offered: true,
  }),
};
