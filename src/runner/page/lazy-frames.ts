/** Longest wait for the document of a frame that is loaded once somebody comes near, in milliseconds. */
const LOADS_MS = 5_000;

/** Frames that were brought into view to be loaded, and when. */
const awaited = new WeakMap<Element, number>();

/**
 * Brings a frame near that is loaded only then (`loading="lazy"`).
 *
 * @returns true while its document has not come
 */
export function isYetToLoad(frame: Element): boolean {
  if (!(frame instanceof HTMLIFrameElement) || frame.getAttribute("loading")?.toLowerCase() !== "lazy")
    return false;
  // Until then it has an empty document of its parent's origin; another site's would be out of reach.
  const isEmpty = frame.contentDocument?.URL === "about:blank";
  if (!isEmpty || frame.hasAttribute("srcdoc") || !/^https?:/.test(frame.src)) return false;
  const since = awaited.get(frame);
  if (since === undefined) {
    frame.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    awaited.set(frame, performance.now());
    return true;
  }
  return performance.now() - since < LOADS_MS;
}
