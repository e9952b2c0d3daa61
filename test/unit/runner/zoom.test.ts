import { expect, test } from "vitest";
import { zoomAfter } from "../../../src/runner/zoom.js";

/** The zoom in per cent after a number of steps. */
function after(step: "zoom-in" | "zoom-out", times: number): number {
  let factor = 1;
  for (let time = 0; time < times; time++) factor = zoomAfter(step, factor);
  return Math.round(factor * 100);
}

test("each step is the next of the browser's own, as far as 500 and 25 %", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((times) => after("zoom-in", times))).toEqual([
    110, 125, 150, 175, 200, 250, 300, 400, 500, 500,
  ]);
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((times) => after("zoom-out", times))).toEqual([
    90, 80, 75, 67, 50, 33, 25, 25,
  ]);
});

test("the way back is the same, or at once", () => {
  expect(zoomAfter("zoom-out", zoomAfter("zoom-in"))).toBe(1);
  expect(zoomAfter("zoom-reset", 5)).toBe(1);
});
