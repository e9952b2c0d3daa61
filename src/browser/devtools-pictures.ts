import type { DevTools } from "./devtools-protocol.js";

/** The parameters with which DevTools takes a picture of a whole page, as it is laid out. */
export function wholePage({
  cssContentSize: { width, height },
}: Pick<DevTools.Page.GetLayoutMetricsResponse, "cssContentSize">): Pick<
  DevTools.Page.CaptureScreenshotRequest,
  "clip" | "captureBeyondViewport"
> {
  return { clip: { x: 0, y: 0, width, height, scale: 1 }, captureBeyondViewport: true };
}
