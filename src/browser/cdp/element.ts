import { PageError, type PageElement } from "../../runner/ports.js";
import type { CdpSession } from "./connection.js";

/** An element inside a page, by the browser's name for it. */
export class CdpElement implements PageElement {
  readonly kind = "page-element";
  readonly session: CdpSession;
  readonly objectId: string;

  constructor(session: CdpSession, objectId: string) {
    this.session = session;
    this.objectId = objectId;
  }
}

/** @throws PageError when the element is of another kind of page */
export function elementOf(element: PageElement): CdpElement {
  // This page gives away no other kind of element.
  if (element instanceof CdpElement) return element;
  throw new PageError("protocol", "the element is of another browser session");
}
