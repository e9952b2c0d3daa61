import { z } from "zod";

/** The ways to find an element: the eight that the contract names, then those by what a person perceives. */
export const LOCATOR_TYPES = [
  "id",
  "xpath",
  "css",
  "class",
  "name",
  "tag",
  "link_text",
  "partial_link_text",
  "role",
  "label",
  "placeholder",
  "text",
  "alt",
  "title",
  "test_id",
] as const;

export const LocatorType = z.enum(LOCATOR_TYPES);
export type LocatorType = z.infer<typeof LocatorType>;

/** The whole definition of a type of locator. */
interface LocatorTypeDefinition {
  /** Words for the docs, to stand after "finds". */
  finds: string;
  /** An example for the docs, without its `locator_type`. */
  example: { locator_value: string; locator_name?: string; exact?: boolean };
  /** True when a language model is told of the type; `css` can say the same as the others. */
  offered: boolean;
  /** The kind of its `locator_value`: a selector can ask for a part of a text, so that none may hold a secret. */
  value: "text" | "CSS selector" | "XPath";
}

/** Every type of locator in the order of its worth, as the docs and a language model list them. */
export const LOCATORS: Readonly<Record<LocatorType, LocatorTypeDefinition>> = {
  role: {
    finds: "an element by its role for assistive technology and, with `locator_name`, by its accessible name",
    example: { locator_value: "button", locator_name: "Save" },
    offered: true,
    value: "text",
  },
  label: {
    finds: "a form field by its `<label>` or `aria-label`",
    example: { locator_value: "E-mail" },
    offered: true,
    value: "text",
  },
  placeholder: {
    finds: "a form field by the text that stands in it while it is empty",
    example: { locator_value: "Search products", exact: false },
    offered: true,
    value: "text",
  },
  text: {
    finds: "the smallest element with this text",
    example: { locator_value: "Your order is placed" },
    offered: true,
    value: "text",
  },
  alt: {
    finds: "an image by its alternative text",
    example: { locator_value: "Company logo" },
    offered: true,
    value: "text",
  },
  title: {
    finds: "an element by its `title` attribute",
    example: { locator_value: "Close" },
    offered: true,
    value: "text",
  },
  test_id: {
    finds: "an element by the id that developers give it for tests, `data-testid`",
    example: { locator_value: "cart-total" },
    offered: true,
    value: "text",
  },
  id: {
    finds: "the element with this `id`",
    example: { locator_value: "username" },
    offered: true,
    value: "text",
  },
  name: {
    finds: "an element by its `name` attribute",
    example: { locator_value: "quantity" },
    offered: true,
    value: "text",
  },
  css: {
    finds: "an element by a CSS selector",
    example: { locator_value: "form.login button[type=submit]" },
    offered: true,
    value: "CSS selector",
  },
  xpath: {
    finds: "an element by an XPath 1.0 expression",
    example: { locator_value: "//tr[td='Sun hat']//button" },
    offered: true,
    value: "XPath",
  },
  class: {
    finds: "an element by one class name",
    example: { locator_value: "message" },
    offered: false,
    value: "text",
  },
  tag: {
    finds: "an element by its tag name",
    example: { locator_value: "h1" },
    offered: false,
    value: "text",
  },
  link_text: {
    finds: "a link by its whole text",
    example: { locator_value: "Log out" },
    offered: false,
    value: "text",
  },
  partial_link_text: {
    finds: "a link by a part of its text",
    example: { locator_value: "Continue" },
    offered: false,
    value: "text",
  },
};

/** The types in the order of {@link LOCATORS}, whose keys they are. */
export const LOCATORS_BY_WORTH = Object.keys(LOCATORS) as LocatorType[];
