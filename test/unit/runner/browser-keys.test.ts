import { expect, test } from "vitest";
import { browserKeyOf } from "../../../src/runner/browser-keys.js";
import { parseKeys } from "../../../src/runner/keys.js";

test.each([
  ["F5", "reload"],
  ["Ctrl+F5", "reload"],
  ["Control+R", "reload"],
  ["Control+Shift+R", "reload"],
  ["Alt+Left", "back"],
  ["Alt+ArrowRight", "forward"],
  ["Control+Plus", "zoom-in"],
  ["Control+=", "zoom-in"],
  ["Control+Shift+Plus", "zoom-in"],
  ["Control+Minus", "zoom-out"],
  ["Control+-", "zoom-out"],
  ["Meta+0", "zoom-reset"],
  ["Control+0", "zoom-reset"],
  ["Control+1", "none"],
  ["F11", "none"],
])("%s belongs to the browser", (keys, effect) => {
  expect(browserKeyOf(parseKeys(keys))).toBe(effect);
});

test.each([
  "r",
  "R",
  "ArrowLeft",
  "Control+A",
  "Control+C",
  "Control+V",
  "Control+Z",
  "Control+ArrowLeft",
  "F2",
  "0",
])("%s is the page's", (keys) => {
  expect(browserKeyOf(parseKeys(keys))).toBeUndefined();
});
