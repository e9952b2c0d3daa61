import { expect, test } from "vitest";
import { plainTime } from "../../../src/runner/page/times.js";

test.each([
  ["14:30:00", "14:30"],
  ["14:30:00.000", "14:30"],
  ["14:30:10.500", "14:30:10.5"],
  ["2026-03-09 14:30:00", "2026-03-09T14:30"],
  ["2026-03-09T14:30:15", "2026-03-09T14:30:15"],
])("%s is the time %s", (text, plain) => {
  expect(plainTime(text)).toBe(plain);
});

test.each(["2026-03-09", "at 14:30:00", "4:30", ""])("%j is no time and stays as it is", (text) => {
  expect(plainTime(text)).toBe(text);
});
