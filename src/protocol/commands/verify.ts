import { z } from "zod";
import { command } from "./command.js";
import { matching, NonEmptyText, since, Text, VariableName, verifying } from "./fields.js";
import { ONE_KIND_OF_OPTION, optionFields } from "./form.js";
import { target } from "./locator.js";

export const verify = {
  verify_element_present: command({
    action: "verify_element_present",
    description: "Passes once the element is in the document.",
    fields: { ...target, ...verifying },
    example: { locator_type: "link_text", locator_value: "Log out" },
    offered: true,
  }),

  verify_element_absent: command({
    action: "verify_element_absent",
    description: "Passes once no such element is in the document.",
    fields: { ...target, ...verifying },
    example: { locator_type: "css", locator_value: ".error" },
    offered: true,
  }),

  verify_visible: command({
    action: "verify_visible",
    description: "Passes once the element can be seen.",
    fields: { ...target, ...verifying },
    example: { locator_type: "role", locator_value: "dialog", locator_name: "Your cart" },
    offered: true,
  }),

  verify_hidden: command({
    action: "verify_hidden",
    description: "Passes once the element cannot be seen, or is not there.",
    fields: { ...target, ...verifying },
    example: { locator_type: "text", locator_value: "Loading…" },
    offered: true,
  }),

  verify_text: command({
    action: "verify_text",
    description: "Passes once the element's visible text contains the expected text.",
    fields: { ...target, expected_text: NonEmptyText, ...matching("contains"), ...verifying },
    example: { locator_type: "role", locator_value: "heading", expected_text: "Thank you" },
    offered: true,
  }),

  verify_value: command({
    action: "verify_value",
    description:
      "Passes once a form field holds this value: its property `value`, whatever the attribute says.",
    fields: { ...target, expected_value: Text, ...matching("equals"), ...verifying },
    example: { locator_type: "label", locator_value: "Quantity", expected_value: "2" },
    offered: true,
  }),

  verify_attribute: command({
    action: "verify_attribute",
    description:
      "Passes once the element has the attribute with this value, as it stands in the document; `value`, `checked` and `selected` of fields as they are now.",
    fields: {
      ...target,
      attribute: NonEmptyText.describe("Name of the attribute."),
      expected_value: Text.optional().describe("Only that the attribute is there unless given."),
      ...matching("equals"),
      ...verifying,
    },
    example: {
      locator_type: "role",
      locator_value: "link",
      locator_name: "Terms",
      attribute: "target",
      expected_value: "_blank",
    },
    offered: true,
  }),

  verify_css: command({
    action: "verify_css",
    description: "Passes once the element's computed style has this value.",
    fields: {
      ...target,
      property: NonEmptyText.describe("Name of the CSS property, such as `background-color`."),
      expected_value: Text.describe("The computed value, such as `rgb(255, 0, 0)`."),
      ...matching("equals"),
      ...verifying,
    },
    example: {
      locator_type: "id",
      locator_value: "total",
      property: "color",
      expected_value: "rgb(200, 0, 0)",
    },
    offered: false,
  }),

  verify_checked: command({
    action: "verify_checked",
    description: "Passes once the checkbox, radio button or switch is ticked.",
    fields: { ...target, ...verifying },
    example: { locator_type: "label", locator_value: "Remember me", not: true },
    offered: true,
  }),

  verify_enabled: command({
    action: "verify_enabled",
    description: "Passes once the element is enabled.",
    fields: { ...target, ...verifying },
    example: { locator_type: "role", locator_value: "button", locator_name: "Place order" },
    offered: true,
  }),

  verify_editable: command({
    action: "verify_editable",
    description: "Passes once text can be typed into the element: visible, enabled and not read-only.",
    fields: { ...target, ...verifying },
    example: { locator_type: "label", locator_value: "Customer number", not: true },
    offered: true,
  }),

  verify_selected: command({
    action: "verify_selected",
    description: "Passes once exactly these options of a list are chosen.",
    fields: { ...target, ...optionFields, ...verifying },
    rules: [ONE_KIND_OF_OPTION],
    example: { locator_type: "label", locator_value: "Size", label: "Large" },
    offered: true,
  }),

  verify_count: command({
    action: "verify_count",
    description:
      "Passes once the locator finds this many elements. `nth` and `alternatives` do not count here.",
    fields: {
      ...target,
      expected_count: z.int().min(0).max(1_000_000),
      comparison: z.enum(["equal", "at_least", "at_most"]).optional().describe("`equal` unless given."),
      ...verifying,
    },
    example: {
      locator_type: "css",
      locator_value: "#orders tbody tr",
      expected_count: 3,
      comparison: "at_least",
    },
    offered: true,
  }),

  verify_title: command({
    action: "verify_title",
    description: "Passes once the window's title is as expected.",
    fields: { expected_title: Text, ...matching("contains"), ...verifying },
    example: { expected_title: "Your cart", match: "equals" },
    offered: true,
  }),

  verify_url: command({
    action: "verify_url",
    description: "Passes once the window's address is as expected.",
    fields: { expected_url: NonEmptyText, ...matching("contains"), ...verifying },
    example: { expected_url: "/cart", soft: true },
    offered: true,
  }),

  verify_dialog: command({
    action: "verify_dialog",
    description:
      "Passes once a dialog with this message has opened since the last command that acts, answered or not.",
    fields: {
      expected_message: NonEmptyText.optional().describe("Any dialog unless given."),
      ...matching("contains"),
      kind: z
        .enum(["alert", "confirm", "prompt", "beforeunload"])
        .optional()
        .describe("Any kind unless given; `beforeunload` is the question whether to leave the page."),
      ...since,
      ...verifying,
    },
    example: { expected_message: "Saved", kind: "alert" },
    offered: true,
  }),

  verify_download: command({
    action: "verify_download",
    description: "Passes once a download is complete that was not when the last command that acts began.",
    fields: {
      expected_file_name: NonEmptyText.optional().describe("Any download unless given."),
      ...matching("glob"),
      min_bytes: z.int().min(0).optional().describe("Least size of the file; any unless given."),
      ...since,
      ...verifying,
    },
    example: { expected_file_name: "invoice-*.pdf", min_bytes: 1000 },
    offered: true,
  }),

  verify_variable: command({
    action: "verify_variable",
    description: "Passes when the variable has this value. It does not wait.",
    fields: { variable: VariableName, expected_value: Text, ...matching("equals"), ...verifying },
    example: { variable: "order", expected_value: "^A-\\d+$", match: "regex" },
    offered: true,
  }),
};
