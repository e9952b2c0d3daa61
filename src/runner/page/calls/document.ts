/** Readings of a document as a whole. */
import { later } from "../later.ts";

export { later };

/** Longest page source, in characters. */
const MAX_SOURCE_LENGTH = 2_000_000;

/** The document as HTML, with its type. A longer one ends in an ellipsis. */
export function source(): string {
  const root = document.documentElement as Element | null;
  const html = root?.outerHTML ?? "";
  return html.length > MAX_SOURCE_LENGTH ? `${html.slice(0, MAX_SOURCE_LENGTH)}…` : html;
}

/** The place where a frame's content begins in the document around it, and the scale at which it is shown, as JSON. */
export function framePlace(frame: HTMLElement): string {
  const place = frame.getBoundingClientRect();
  const style = getComputedStyle(frame);
  const scale = frame.offsetWidth ? place.width / frame.offsetWidth : 1;
  return JSON.stringify([
    place.x + scale * (frame.clientLeft + parseFloat(style.paddingLeft)),
    place.y + scale * (frame.clientTop + parseFloat(style.paddingTop)),
    scale,
  ]);
}

/** Sizes of the viewport and of the window around it, as JSON. */
export function windowSizes(): string {
  return JSON.stringify({
    inner: { width: innerWidth, height: innerHeight },
    outer: { width: outerWidth, height: outerHeight },
  });
}
