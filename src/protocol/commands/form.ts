import { z } from "zod";
import { MAX_KEY_DELAY } from "../limits.js";
import { command } from "./command.js";
import { NonEmptyText, Text, waiting } from "./fields.js";
import { optionalTarget, target } from "./locator.js";
import { exactlyOneOf } from "./rule.js";

/** Most options or files that one command may name. */
const MAX_CHOICES = 100;

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(MAX_CHOICES)]);

/** Fields that name the options of a list. */
export const optionFields = {
  label: oneOrMore(NonEmptyText).optional().describe("The visible label of the option, or several."),
  value: oneOrMore(Text).optional().describe("The `value` of the option, or several."),
  index: oneOrMore(z.int().min(0).max(100_000))
    .optional()
    .describe("The place of the option in the list, from 0, or several."),
};

/** The rule of a command with {@link optionFields}. */
export const ONE_KIND_OF_OPTION = {
  holds: exactlyOneOf("label", "value", "index"),
  words: "needs exactly one of 'label', 'value' and 'index'",
};

const delay = {
  delay: z
    .number()
    .min(0)
    .max(MAX_KEY_DELAY)
    .optional()
    .describe(
      "Time between two keys in milliseconds; unless given the case's `typing_delay`, or `TYPING_DELAY` (0).",
    ),
};

export const form = {
  input: command({
    action: "input",
    description: "Clears a field, then types the text into it with real key strokes.",
    fields: { ...target, text: Text, ...delay, ...waiting },
    example: { locator_type: "label", locator_value: "Username", text: "tomsmith" },
    offered: true,
  }),

  clear: command({
    action: "clear",
    description: "Empties a field as a person would, by selecting its content and deleting it.",
    fields: { ...target, ...waiting },
    example: { locator_type: "placeholder", locator_value: "Search products" },
    offered: true,
  }),

  type_text: command({
    action: "type_text",
    description: "Types a text where the focus is, beside what is there already.",
    fields: { text: NonEmptyText, ...delay, ...waiting },
    example: { text: "482193", delay: 50 },
    offered: false,
  }),

  press_key: command({
    action: "press_key",
    description:
      "Presses a key or a chord, in the element that the locator finds or in what has the focus. Keys that belong to the browser reload, go back and go forward where the page does not keep them.",
    fields: {
      keys: NonEmptyText.max(100).describe(
        "A key such as `Enter`, `Escape`, `ArrowDown`, `F5` or `a`, or a chord such as `Control+Shift+K`.",
      ),
      ...optionalTarget,
      ...waiting,
    },
    example: { keys: "Enter" },
    offered: true,
  }),

  select: command({
    action: "select",
    description: "Chooses options of a list; exactly these and no others are chosen then.",
    fields: { ...target, ...optionFields, ...waiting },
    rules: [ONE_KIND_OF_OPTION],
    example: { locator_type: "label", locator_value: "Size", label: "Large" },
    offered: true,
  }),

  check: command({
    action: "check",
    description: "Ticks a checkbox, radio button or switch unless it is ticked already.",
    fields: { ...target, ...waiting },
    example: { locator_type: "label", locator_value: "I accept the terms" },
    offered: true,
  }),

  uncheck: command({
    action: "uncheck",
    description: "Unticks a checkbox or switch unless it is not ticked anyway.",
    fields: { ...target, ...waiting },
    example: { locator_type: "label", locator_value: "Send me the newsletter" },
    offered: true,
  }),

  upload_file: command({
    action: "upload_file",
    description:
      "Gives files to a file field, to the file chooser that a click on a button opens, or to a place where they are dropped. Only files of the upload folder can be named.",
    fields: {
      ...target,
      file: oneOrMore(NonEmptyText).describe(
        "Name of the file in the upload folder (`UPLOADS_DIR`), or several.",
      ),
      ...waiting,
    },
    example: { locator_type: "label", locator_value: "Photo", file: "photo.png" },
    offered: true,
  }),

  focus: command({
    action: "focus",
    description: "Gives an element the focus.",
    fields: { ...target, ...waiting },
    example: { locator_type: "label", locator_value: "E-mail" },
    offered: false,
  }),

  blur: command({
    action: "blur",
    description: "Takes the focus away from an element.",
    fields: { ...target, ...waiting },
    example: { locator_type: "label", locator_value: "E-mail" },
    offered: false,
  }),

  edit_content: command({
    action: "edit_content",
    description:
      "Replaces the content of an editable region (`contenteditable`) or of a code editor (Monaco, Ace, CodeMirror) with real key strokes.",
    fields: { ...target, text: Text, ...delay, ...waiting },
    example: { locator_type: "css", locator_value: ".editor", text: "Dear all" },
    offered: true,
  }),

  submit: command({
    action: "submit",
    description: "Submits the form that the element is, or is in, as its submit button would.",
    fields: { ...target, ...waiting },
    example: { locator_type: "id", locator_value: "login-form" },
    offered: true,
  }),
};
