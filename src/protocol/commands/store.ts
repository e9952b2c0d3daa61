import { command } from "./command.js";
import { anyCommand, NonEmptyText, storing, Text } from "./fields.js";
import { target } from "./locator.js";

export const store = {
  set_variable: command({
    action: "set_variable",
    description: "Gives a variable a value.",
    fields: {
      variable: storing.variable,
      value: Text.describe("May use other variables, `${env.NAME}` and `${secret.NAME}`."),
      ...anyCommand,
    },
    example: { variable: "customer", value: "Ada Lovelace" },
    offered: true,
  }),

  store_text: command({
    action: "store_text",
    description: "Keeps an element's visible text in a variable.",
    fields: { ...target, ...storing },
    example: { locator_type: "id", locator_value: "order-number", variable: "order" },
    offered: true,
  }),

  store_value: command({
    action: "store_value",
    description: "Keeps what a form field holds, its property `value`, in a variable.",
    fields: { ...target, ...storing },
    example: { locator_type: "label", locator_value: "Quantity", variable: "quantity" },
    offered: true,
  }),

  store_attribute: command({
    action: "store_attribute",
    description:
      "Keeps the value of an element's attribute in a variable, as it stands in the document; `value`, `checked` and `selected` of fields as they are now. Waits until it has the attribute.",
    fields: { ...target, attribute: NonEmptyText.describe("Name of the attribute."), ...storing },
    example: {
      locator_type: "link_text",
      locator_value: "Invoice",
      attribute: "href",
      variable: "invoice_url",
    },
    offered: false,
  }),

  store_count: command({
    action: "store_count",
    description: "Keeps how many elements the locator finds now, which may be 0.",
    fields: { ...target, ...storing },
    example: { locator_type: "css", locator_value: ".result", variable: "results" },
    offered: true,
  }),

  store_title: command({
    action: "store_title",
    description: "Keeps the window's title in a variable.",
    fields: storing,
    example: { variable: "title" },
    offered: false,
  }),

  store_url: command({
    action: "store_url",
    description: "Keeps the window's address in a variable.",
    fields: storing,
    example: { variable: "start" },
    offered: false,
  }),
};
