import { PageError } from "../runner/ports.js";
import type { DevTools } from "./devtools-protocol.js";

/** Elements that hold a frame for as long as they are in a document; XHTML has their names in small letters. */
const FRAMES = /^i?frame$/i;

/**
 * The id of the frame that an element holds.
 *
 * @throws PageError `frame-gone` when the element has gone from its document; `protocol` when it is no frame
 */
export function frameIdOf({ frameId, nodeName }: DevTools.DOM.Node): string {
  if (frameId !== undefined) return frameId;
  if (FRAMES.test(nodeName)) throw frameHasGone();
  throw new PageError("protocol", "the element is no frame");
}

export function frameHasGone(): PageError {
  return new PageError("frame-gone", "the frame has gone");
}
