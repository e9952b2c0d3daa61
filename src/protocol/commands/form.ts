import { z } from "zod";
import { NonEmptyText, Text, waiting } from "./fields.js";
import { hasWholeLocatorOrNone, optionalTarget, target, WHOLE_LOCATOR } from "./locator.js";

/** Most options or files that one command may name. */
const MAX_CHOICES = 100;

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(MAX_CHOICES)]);

/** How the options of a list are named. */
export const optionFields = {
  label: oneOrMore(NonEmptyText).optional().describe("The visible label of the option, or several."),
  value: oneOrMore(Text).optional().describe("The `value` of the option, or several."),
  index: oneOrMore(z.int().min(0).max(100_000))
    .optional()
    .describe("The place of the option in the list, from 0, or several."),
};

export const ONE_KIND_OF_OPTION = "needs exactly one of 'label', 'value' and 'index'";

export function namesOptions({
  label,
  value,
  index,
}: {
  [F in keyof typeof optionFields]?: unknown;
}): boolean {
  return [label, value, index].filter((field) => field !== undefined).length === 1;
}

export const Input = z
  .strictObject({ action: z.literal("input"), ...target, text: Text, ...waiting })
  .describe("Clears a field, then types the text into it with real key strokes.");

export const Clear = z
  .strictObject({ action: z.literal("clear"), ...target, ...waiting })
  .describe("Empties a field as a person would, by selecting its content and deleting it.");

export const PressKey = z
  .strictObject({
    action: z.literal("press_key"),
    keys: NonEmptyText.max(100).describe(
      "A key such as `Enter`, `Escape`, `ArrowDown`, `F5` or `a`, or a chord such as `Control+Shift+K`.",
    ),
    ...optionalTarget,
    ...waiting,
  })
  .refine(hasWholeLocatorOrNone, { error: WHOLE_LOCATOR })
  .describe("Presses a key or a chord, in the element that the locator finds or in what has the focus.");

export const Select = z
  .strictObject({ action: z.literal("select"), ...target, ...optionFields, ...waiting })
  .refine(namesOptions, { error: ONE_KIND_OF_OPTION })
  .describe("Chooses options of a list; exactly these and no others are chosen then.");

export const Check = z
  .strictObject({ action: z.literal("check"), ...target, ...waiting })
  .describe("Ticks a checkbox, radio button or switch unless it is ticked already.");

export const Uncheck = z
  .strictObject({ action: z.literal("uncheck"), ...target, ...waiting })
  .describe("Unticks a checkbox or switch unless it is not ticked anyway.");

export const UploadFile = z
  .strictObject({
    action: z.literal("upload_file"),
    ...target,
    file: oneOrMore(NonEmptyText).describe(
      "Name of the file in the upload folder (`UPLOADS_DIR`), or several.",
    ),
    ...waiting,
  })
  .describe("Gives files to a file field. Only files of the upload folder can be named.");

export const Focus = z
  .strictObject({ action: z.literal("focus"), ...target, ...waiting })
  .describe("Gives an element the focus.");

export const Blur = z
  .strictObject({ action: z.literal("blur"), ...target, ...waiting })
  .describe("Takes the focus away from an element.");

export const EditContent = z
  .strictObject({ action: z.literal("edit_content"), ...target, text: Text, ...waiting })
  .describe("Replaces the content of an editable region (`contenteditable`) with real key strokes.");

export const Submit = z
  .strictObject({ action: z.literal("submit"), ...target, ...waiting })
  .describe("Submits the form that the element is, or is in, as its submit button would.");
