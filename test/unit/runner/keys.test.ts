import fc from "fast-check";
import { expect, test } from "vitest";
import { KEY_NAMES, parseKeys } from "../../../src/runner/keys.js";

test.each([
  ["Enter", ["Enter"]],
  ["a", ["a"]],
  ["A", ["A"]],
  ["é", ["é"]],
  ["👋", ["👋"]],
  ["Control+Shift+K", ["Control", "Shift", "K"]],
  ["Control+Shift+k", ["Control", "Shift", "K"]],
  ["ctrl+A", ["Control", "a"]],
  ["Cmd+Enter", ["Meta", "Enter"]],
  ["esc", ["Escape"]],
  ["Space", [" "]],
  [" ", [" "]],
  ["Plus", ["+"]],
  ["+", ["+"]],
  ["Control++", ["Control", "+"]],
  ["Control+Plus", ["Control", "+"]],
  ["arrowdown", ["ArrowDown"]],
  ["F12", ["F12"]],
  ["Control + c", ["Control", "c"]],
  ["Shift", ["Shift"]],
])("%j is %j", (text, keys) => {
  expect(parseKeys(text)).toEqual(keys);
});

test.each([
  [
    "Entre",
    "'Entre' is no key; a key is a single character, Space, Plus or one of Control, Shift, Alt, Meta, Enter",
  ],
  ["Control+", "'Control+' ends without a key"],
  ["++", "'' is no key"],
  ["a+b", "'a' cannot be held in a chord; only Control, Shift, Alt, Meta can"],
  ["Control++a", "'' is no key"],
  ["F13", "'F13' is no key"],
  ["__proto__", "'__proto__' is no key"],
])("%j is refused", (text, reason) => {
  expect(() => parseKeys(text)).toThrow(reason);
});

test("every name is read back, in any case", () => {
  for (const name of KEY_NAMES) {
    expect(parseKeys(name)).toEqual([name]);
    expect(parseKeys(name.toLowerCase())).toEqual([name]);
  }
});

test("any text is keys or refused with a reason", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      try {
        expect(parseKeys(text).every((key) => key !== "")).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
