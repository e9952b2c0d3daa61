import { z } from "zod";
import { command } from "./command.js";
import { NonEmptyText, waiting } from "./fields.js";
import { Locator, optionalTarget, WHOLE_LOCATOR } from "./locator.js";

/** Most rules, tags or parts that one command may name. */
const MAX_NAMES = 100;

const names = z.array(NonEmptyText.max(200)).min(1).max(MAX_NAMES);

/** Impacts of accessibility problems as axe-core has them, from the least on. */
export const IMPACTS = ["minor", "moderate", "serious", "critical"] as const;

/** Most parts of a page that one comparison leaves out. */
const MAX_MASKS = 50;

/** A name that suits as a file's, too: exports of baselines have it. */
const BaselineName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, {
  error: "must be letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 100 of them",
});

/** Checks of the page as a whole, as it looks and as it is used. */
export const appearance = {
  verify_screenshot: command({
    action: "verify_screenshot",
    description:
      "Passes when the page, or the element that the locator finds, looks like its baseline: a picture that a person has accepted.",
    fields: {
      name: BaselineName.describe("The baseline's name within the test case."),
      ...optionalTarget,
      full_page: z
        .boolean()
        .optional()
        .describe("`true` compares the whole page, also what is outside of the viewport."),
      masks: z
        .array(Locator)
        .min(1)
        .max(MAX_MASKS)
        .optional()
        .describe("Parts that may look otherwise each time; every match is painted over."),
      threshold: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe(
          "Greatest difference of two colours that counts as none, as pixelmatch has it; 0.1 unless given.",
        ),
      max_diff_pixels: z.int().min(0).optional().describe("Most pixels that may differ; none unless given."),
      max_diff_ratio: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe("Largest share of the pixels that may differ, from 0 to 1; none unless given."),
      soft: z.boolean().optional().describe("Goes on when it does not pass, and fails the step at its end."),
      ...waiting,
    },
    rules: [
      WHOLE_LOCATOR,
      {
        holds: ({ full_page, locator_type }) => full_page !== true || locator_type === undefined,
        words: "needs at most one of 'full_page' and a locator",
      },
    ],
    example: { name: "cart", masks: [{ locator_type: "id", locator_value: "clock" }], max_diff_ratio: 0.001 },
    offered: false,
  }),
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
