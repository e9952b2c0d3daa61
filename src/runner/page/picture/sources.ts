/** One thing in a page that shows a text. */
export interface Source {
  text: string;
  /** A typed value, a text of the document, or anything else that a browser draws. */
  kind: "text" | "value" | "drawn";
  /** What to cover when the text may not be seen: the element that shows it. */
  element: Element;
  /** The text node, where only a part of it has to be covered. */
  node?: Text;
}

/** What a walk through a window has found. */
export interface Sources {
  /** In the order in which they are drawn. */
  texts: Source[];
  /** Elements whose content nobody can look into from here. */
  opaque: Element[];
  /** Images by their addresses, which may show a text. */
  images: { url: string; element: Element }[];
  /** Elements that show a counter, with what stands beside it. */
  counters: { element: Element; styles: string[]; beside: string[] }[];
  /** All that are drawn, and whether their own texts can be seen: a hidden element may have children that are not. */
  elements: Map<Element, boolean>;
}

export function noSources(): Sources {
  return { texts: [], opaque: [], images: [], counters: [], elements: new Map() };
}

/** The window of an element, which may be in another frame than this script. */
export function viewOf(node: Node): (Window & typeof globalThis) | null {
  return node.ownerDocument?.defaultView ?? null;
}
