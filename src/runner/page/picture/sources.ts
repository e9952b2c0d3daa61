/** One thing in a page that shows a text. */
export interface Source {
  text: string;
  /** A typed value, a text of the document, or anything else that a browser draws. */
  kind: "text" | "value" | "drawn";
  /** The element that shows the text, to be covered when the text may not be seen. */
  element: Element;
  /** The text node, where only a part of it has to be covered. */
  node?: Text;
}

/** The findings of a walk through a window. */
export interface Sources {
  /** In the order in which they are drawn. */
  texts: Source[];
  /** Elements whose content nobody can look into from here. */
  opaque: Element[];
  /** Images that may show a text, by their addresses. */
  images: { url: string; element: Element }[];
  /** Elements that show a counter, with the texts beside it. */
  counters: { element: Element; styles: string[]; beside: string[] }[];
  /**
   * All elements that are drawn, and whether their own texts can be seen: a hidden element may have visible children.
   */
  elements: Map<Element, boolean>;
}

export function noSources(): Sources {
  return { texts: [], opaque: [], images: [], counters: [], elements: new Map() };
}

/** The window of an element, which may be in another frame than this script. */
export function viewOf(node: Node): (Window & typeof globalThis) | null {
  return node.ownerDocument?.defaultView ?? null;
}
