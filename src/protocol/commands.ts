import { z } from "zod";
import { MAX_COMMAND_SECONDS, MAX_COMMAND_TEXT_LENGTH } from "./limits.js";

/** The ways to find an element that the contract names. */
export const LOCATOR_TYPES = [
  "id",
  "xpath",
  "css",
  "class",
  "name",
  "tag",
  "link_text",
  "partial_link_text",
] as const;

export const LocatorType = z.enum(LOCATOR_TYPES);
export type LocatorType = z.infer<typeof LocatorType>;

/** Where to find an element: a kind of locator and its value. */
export interface Locator {
  type: LocatorType;
  value: string;
}

const Text = z.string().max(MAX_COMMAND_TEXT_LENGTH);
const NonEmptyText = Text.min(1);
const Seconds = z.number().min(0).max(MAX_COMMAND_SECONDS);

/** Fields that every command may carry. */
const anyCommand = {
  description: Text.optional().describe("What the command does, shown to people while it runs."),
};

/** Fields of a command that waits for the page. */
const waiting = {
  timeout: Seconds.optional().describe("Longest wait in seconds; `COMMAND_TIMEOUT` (10) unless given."),
};

/** Fields of a command that acts on one element. */
const target = {
  locator_type: LocatorType.describe("How `locator_value` finds the element."),
  locator_value: NonEmptyText.describe("The id, selector, name or link text of the element."),
};

/**
 * An absolute http or https URL. Everything else, `file:` and `javascript:` above all, would let a script
 * reach what a tester's browser could not.
 */
const HttpUrl = NonEmptyText.refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), {
  error: "must be an absolute http or https URL",
});

export const Navigate = z
  .strictObject({ action: z.literal("navigate"), url: HttpUrl, ...waiting, ...anyCommand })
  .describe("Opens a URL and waits until its document is interactive.");

export const Click = z
  .strictObject({ action: z.literal("click"), ...target, ...waiting, ...anyCommand })
  .describe("Clicks an element once it is visible, stable, enabled and not covered.");

export const Input = z
  .strictObject({ action: z.literal("input"), ...target, text: Text, ...waiting, ...anyCommand })
  .describe("Clears a field, then types the text into it with real key strokes.");

export const Select = z
  .strictObject({
    action: z.literal("select"),
    ...target,
    label: NonEmptyText.describe("The visible label of the option."),
    ...waiting,
    ...anyCommand,
  })
  .describe("Chooses the option with this label in a drop-down list.");

export const Wait = z
  .strictObject({ action: z.literal("wait"), duration: Seconds.describe("Seconds."), ...anyCommand })
  .describe("Waits a fixed time. Other commands wait by themselves; this is rarely needed.");

export const VerifyElementPresent = z
  .strictObject({ action: z.literal("verify_element_present"), ...target, ...waiting, ...anyCommand })
  .describe("Passes once the element is in the document.");

export const VerifyText = z
  .strictObject({
    action: z.literal("verify_text"),
    ...target,
    expected_text: NonEmptyText,
    ...waiting,
    ...anyCommand,
  })
  .describe("Passes once the element's visible text contains the expected text.");

/** Every command there is, by its action. The union, the docs and the runner's executors all come from it. */
export const COMMANDS = {
  navigate: Navigate,
  click: Click,
  input: Input,
  select: Select,
  wait: Wait,
  verify_element_present: VerifyElementPresent,
  verify_text: VerifyText,
} as const;

export type Action = keyof typeof COMMANDS;
export const ACTIONS = Object.keys(COMMANDS) as [Action, ...Action[]];

export type CommandOf<A extends Action> = z.infer<(typeof COMMANDS)[A]>;
export const Command = z.discriminatedUnion("action", [
  Navigate,
  Click,
  Input,
  Select,
  Wait,
  VerifyElementPresent,
  VerifyText,
]);
export type Command = z.infer<typeof Command>;

/** The JSON array a step's `selenium_script_json` holds. */
export const Script = z.array(Command).min(1);
export type Script = z.infer<typeof Script>;
