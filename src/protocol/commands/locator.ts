import { z } from "zod";
import { NonEmptyText } from "./fields.js";
import { LocatorType } from "./locator-types.js";
import type { Rule } from "./rule.js";

/** Most locators that may stand in for the first of a command. */
const MAX_ALTERNATIVES = 10;

/** The largest `nth`; a page with more matches needs a better locator. */
const MAX_NTH = 10_000;

const place = {
  locator_type: LocatorType.describe("How `locator_value` finds the element."),
  locator_value: NonEmptyText.describe("The id, selector, role, label or other text that the type asks for."),
  locator_name: NonEmptyText.optional().describe("For `role`: the accessible name, such as a button's text."),
  exact: z
    .boolean()
    .optional()
    .describe(
      "For `role` (its name), `label`, `placeholder`, `text`, `alt` and `title`: `true` (default) compares the whole text; `false` finds it anywhere, in upper or lower case.",
    ),
  nth: z
    .int()
    .min(-MAX_NTH)
    .max(MAX_NTH)
    .optional()
    .describe("Which of several matches, from 0; -1 is the last. The first unless given."),
};

/** Tells how to find an element. */
export interface Locator {
  locator_type: LocatorType;
  locator_value: string;
  locator_name?: string | undefined;
  exact?: boolean | undefined;
  nth?: number | undefined;
  within?: Locator | undefined;
}

export const Locator: z.ZodType<Locator, Locator> = z
  .strictObject({ ...place, within: z.lazy(() => Locator).optional() })
  .meta({ id: "Locator" })
  .describe("Where to find an element.");

/** Fields of a command that acts on one element. */
export const target = {
  ...place,
  within: Locator.optional().describe("A container; only elements inside it are found."),
  alternatives: z
    .array(Locator)
    .min(1)
    .max(MAX_ALTERNATIVES)
    .optional()
    .describe(
      "Tried in order when the first locator finds nothing for a while; the run's log tells which was used.",
    ),
  strict: z
    .boolean()
    .optional()
    .describe(
      "`true` refuses a locator that finds several elements that can be seen. The server's `STRICT_LOCATORS` unless given.",
    ),
};

/** The fields that {@link target} gives a command. */
export interface Target extends Locator {
  alternatives?: Locator[] | undefined;
  strict?: boolean | undefined;
}

/** The same fields for a command that may also do without an element. */
export const optionalTarget = {
  ...target,
  locator_type: target.locator_type.optional(),
  locator_value: target.locator_value.optional(),
};

/** The rule of a command with {@link optionalTarget}: half a locator is none. */
export const WHOLE_LOCATOR: Rule<{ [F in keyof Target]?: Target[F] | undefined }> = {
  holds({ locator_type, locator_value, locator_name, exact, nth, within, alternatives, strict }) {
    if (locator_type !== undefined && locator_value !== undefined) return true;
    return [locator_type, locator_value, locator_name, exact, nth, within, alternatives, strict].every(
      (field) => field === undefined,
    );
  },
  words: "needs both 'locator_type' and 'locator_value', or neither",
};
