import type { PageLocator } from "./requests.ts";

/** The locator cannot be understood, so waiting for it is of no use. */
export class InvalidLocator extends Error {}

/** The first element in document order that the locator finds, as WebDriver's Find Element does. */
export function locate({ type, value }: PageLocator): Element | null {
  switch (type) {
    case "id":
      return document.getElementById(value);
    case "name":
      return document.querySelector(`[name="${CSS.escape(value)}"]`);
    case "class":
      return document.getElementsByClassName(value)[0] ?? null;
    case "tag":
      return document.getElementsByTagName(value)[0] ?? null;
    case "css":
      return valid(() => document.querySelector(value));
    case "xpath":
      return valid(() => byXPath(value));
    case "link_text":
      return findLink((text) => text === value.trim());
    case "partial_link_text":
      return findLink((text) => text.includes(value));
  }
}

function byXPath(expression: string): Element | null {
  const type = XPathResult.FIRST_ORDERED_NODE_TYPE;
  const node = document.evaluate(expression, document, null, type, null).singleNodeValue;
  if (node === null || node instanceof Element) return node;
  throw new InvalidLocator(`the XPath finds ${node.nodeName}, not an element`);
}

function findLink(matches: (text: string) => boolean): Element | null {
  for (const link of document.getElementsByTagName("a")) {
    if (matches(normalize(link.innerText))) return link;
  }
  return null;
}

/** Text as a person compares it: white space of any kind and amount is one space. */
export function normalize(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function valid(find: () => Element | null): Element | null {
  try {
    return find();
  } catch (error) {
    if (error instanceof InvalidLocator) throw error;
    throw new InvalidLocator(error instanceof Error ? error.message : String(error));
  }
}
