import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeSpace } from "../../../src/runner/white-space.js";

test("white space of any kind and amount is one space, and none at the ends, in long texts as in short ones", () => {
  const unit = fc.constantFrom("a", "漢", "😀", "\ud800", " ", "\n", "\u00a0", "\ufeff", "\u2003", "\u200b");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 400 }), (text) => {
      expect(normalizeSpace(text)).toBe(text.replace(/\s+/g, " ").trim());
      const long = text.repeat(1 + Math.ceil(200 / (text.length + 1)));
      expect(normalizeSpace(long)).toBe(long.replace(/\s+/g, " ").trim());
    }),
  );
});
