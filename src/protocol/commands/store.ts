import { z } from "zod";
import { anyCommand, NonEmptyText, storing, Text } from "./fields.js";
import { target } from "./locator.js";

export const SetVariable = z
  .strictObject({
    action: z.literal("set_variable"),
    variable: storing.variable,
    value: Text.describe("May use other variables, `${env.NAME}` and `${secret.NAME}`."),
    ...anyCommand,
  })
  .describe("Gives a variable a value.");

const elementStore = <A extends string>(action: A, description: string) =>
  z.strictObject({ action: z.literal(action), ...target, ...storing }).describe(description);

export const StoreText = elementStore("store_text", "Keeps an element's visible text in a variable.");
export const StoreValue = elementStore("store_value", "Keeps a form field's value in a variable.");
export const StoreCount = elementStore(
  "store_count",
  "Keeps how many elements the locator finds now, which may be 0.",
);

export const StoreAttribute = z
  .strictObject({
    action: z.literal("store_attribute"),
    ...target,
    attribute: NonEmptyText.describe("Name of the attribute."),
    ...storing,
  })
  .describe("Keeps the value of an element's attribute in a variable; waits until it has the attribute.");

export const StoreTitle = z
  .strictObject({ action: z.literal("store_title"), ...storing })
  .describe("Keeps the window's title in a variable.");

export const StoreUrl = z
  .strictObject({ action: z.literal("store_url"), ...storing })
  .describe("Keeps the window's address in a variable.");
