import { z } from "zod";
import { matching, NonEmptyText, Text, VariableName, verifying } from "./fields.js";
import { namesOptions, ONE_KIND_OF_OPTION, optionFields } from "./form.js";
import { target } from "./locator.js";

/** A check that names an element and nothing else. */
const elementCheck = <A extends string>(action: A, description: string) =>
  z.strictObject({ action: z.literal(action), ...target, ...verifying }).describe(description);

export const VerifyElementPresent = elementCheck(
  "verify_element_present",
  "Passes once the element is in the document.",
);
export const VerifyElementAbsent = elementCheck(
  "verify_element_absent",
  "Passes once no such element is in the document.",
);
export const VerifyVisible = elementCheck("verify_visible", "Passes once the element can be seen.");
export const VerifyHidden = elementCheck(
  "verify_hidden",
  "Passes once the element cannot be seen, or is not there.",
);
export const VerifyChecked = elementCheck(
  "verify_checked",
  "Passes once the checkbox, radio button or switch is ticked.",
);
export const VerifyEnabled = elementCheck("verify_enabled", "Passes once the element is enabled.");
export const VerifyEditable = elementCheck(
  "verify_editable",
  "Passes once text can be typed into the element: visible, enabled and not read-only.",
);

export const VerifyText = z
  .strictObject({
    action: z.literal("verify_text"),
    ...target,
    expected_text: NonEmptyText,
    ...matching("contains"),
    ...verifying,
  })
  .describe("Passes once the element's visible text contains the expected text.");

export const VerifyValue = z
  .strictObject({
    action: z.literal("verify_value"),
    ...target,
    expected_value: Text,
    ...matching("equals"),
    ...verifying,
  })
  .describe("Passes once a form field has this value.");

export const VerifyAttribute = z
  .strictObject({
    action: z.literal("verify_attribute"),
    ...target,
    attribute: NonEmptyText.describe("Name of the attribute."),
    expected_value: Text.optional().describe("Only that the attribute is there unless given."),
    ...matching("equals"),
    ...verifying,
  })
  .describe("Passes once the element has the attribute with this value.");

export const VerifyCss = z
  .strictObject({
    action: z.literal("verify_css"),
    ...target,
    property: NonEmptyText.describe("Name of the CSS property, such as `background-color`."),
    expected_value: Text.describe("The computed value, such as `rgb(255, 0, 0)`."),
    ...matching("equals"),
    ...verifying,
  })
  .describe("Passes once the element's computed style has this value.");

export const VerifySelected = z
  .strictObject({ action: z.literal("verify_selected"), ...target, ...optionFields, ...verifying })
  .refine(namesOptions, { error: ONE_KIND_OF_OPTION })
  .describe("Passes once exactly these options of a list are chosen.");

export const VerifyCount = z
  .strictObject({
    action: z.literal("verify_count"),
    ...target,
    expected_count: z.int().min(0).max(1_000_000),
    comparison: z.enum(["equal", "at_least", "at_most"]).optional().describe("`equal` unless given."),
    ...verifying,
  })
  .describe("Passes once the locator finds this many elements. `nth` and `alternatives` do not count here.");

export const VerifyTitle = z
  .strictObject({
    action: z.literal("verify_title"),
    expected_title: Text,
    ...matching("contains"),
    ...verifying,
  })
  .describe("Passes once the window's title is as expected.");

export const VerifyUrl = z
  .strictObject({
    action: z.literal("verify_url"),
    expected_url: NonEmptyText,
    ...matching("contains"),
    ...verifying,
  })
  .describe("Passes once the window's address is as expected.");

export const VerifyDialog = z
  .strictObject({
    action: z.literal("verify_dialog"),
    expected_message: NonEmptyText.optional().describe("Any dialog unless given."),
    ...matching("contains"),
    kind: z.enum(["alert", "confirm", "prompt"]).optional().describe("Any kind unless given."),
    ...verifying,
  })
  .describe("Passes once a dialog is open, or was the last one answered, with this message.");

export const VerifyDownload = z
  .strictObject({
    action: z.literal("verify_download"),
    expected_file_name: NonEmptyText.optional().describe("Any download unless given."),
    ...matching("glob"),
    min_bytes: z.int().min(0).optional().describe("Least size of the file; any unless given."),
    ...verifying,
  })
  .describe("Passes once a download that this run started is complete.");

export const VerifyVariable = z
  .strictObject({
    action: z.literal("verify_variable"),
    variable: VariableName,
    expected_value: Text,
    ...matching("equals"),
    ...verifying,
  })
  .describe("Passes when the variable has this value. It does not wait.");
