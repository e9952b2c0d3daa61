import type { Locator, LocatorType } from "../src/protocol/commands.js";

/** What a type of locator finds, and an example; a type without one does not compile. */
export const LOCATOR_EXAMPLES: Record<LocatorType, { finds: string; example: Locator }> = {
  role: {
    finds: "an element by its role for assistive technology and, with `locator_name`, by its accessible name",
    example: { locator_type: "role", locator_value: "button", locator_name: "Save" },
  },
  label: {
    finds: "a form field by its `<label>` or `aria-label`",
    example: { locator_type: "label", locator_value: "E-mail" },
  },
  placeholder: {
    finds: "a form field by the text that stands in it while it is empty",
    example: { locator_type: "placeholder", locator_value: "Search products", exact: false },
  },
  text: {
    finds: "the smallest element with this text",
    example: { locator_type: "text", locator_value: "Your order is placed" },
  },
  alt: {
    finds: "an image by its alternative text",
    example: { locator_type: "alt", locator_value: "Company logo" },
  },
  title: {
    finds: "an element by its `title` attribute",
    example: { locator_type: "title", locator_value: "Close" },
  },
  test_id: {
    finds: "an element by the id that developers give it for tests, `data-testid`",
    example: { locator_type: "test_id", locator_value: "cart-total" },
  },
  id: { finds: "the element with this `id`", example: { locator_type: "id", locator_value: "username" } },
  name: {
    finds: "an element by its `name` attribute",
    example: { locator_type: "name", locator_value: "quantity" },
  },
  css: {
    finds: "an element by a CSS selector",
    example: { locator_type: "css", locator_value: "form.login button[type=submit]" },
  },
  xpath: {
    finds: "an element by an XPath 1.0 expression",
    example: { locator_type: "xpath", locator_value: "//tr[td='Sun hat']//button" },
  },
  class: {
    finds: "an element by one class name",
    example: { locator_type: "class", locator_value: "message" },
  },
  tag: { finds: "an element by its tag name", example: { locator_type: "tag", locator_value: "h1" } },
  link_text: {
    finds: "a link by its whole text",
    example: { locator_type: "link_text", locator_value: "Log out" },
  },
  partial_link_text: {
    finds: "a link by a part of its text",
    example: { locator_type: "partial_link_text", locator_value: "Continue" },
  },
};
