/** The change of a page's zoom that keys ask for. */
export type ZoomStep = "zoom-in" | "zoom-out" | "zoom-reset";

/**
 * The factors that Chromium's keys go through:
 * https://source.chromium.org/chromium/chromium/src/+/main:components/zoom/page_zoom_constants.cc
 */
const FACTORS = [0.25, 1 / 3, 0.5, 2 / 3, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5];

/** The factor after a step from another; the smallest and the largest stay as they are. */
export function zoomAfter(step: ZoomStep, factor = 1): number {
  if (step === "zoom-reset") return 1;
  const at = FACTORS.indexOf(factor);
  return FACTORS[step === "zoom-in" ? at + 1 : at - 1] ?? factor;
}
