import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, holdsNeedle, lettersOf, needlesOf, spansOf, unfold } from "../../../src/runner/page/fold.js";

test.each([
  ["capitals", "QZ7KWMXP"],
  ["groups", "Qz7k WmXp"],
  ["dashes", "Qz7k-WmXp"],
  ["soft hyphens", "Qz\u00ad7kWm\u00adXp"],
  ["joints of no width", "Qz7\u200dk\u200bWm\ufeffXp"],
  ["a no-break space", "Qz7k\u00a0WmXp"],
  ["full-width letters", "Ｑｚ７ｋＷｍＸｐ"],
  ["marks of an accent", "Qz7kWm\u0301Xp"],
  ["the other direction", "pXmWk7zQ"],
])("a secret is seen in %s", (_guise, text) => {
  expect(holdsNeedle(`before ${text} after`, needlesOf("Qz7kWmXp"))).toBe(true);
});

test.each([
  ["of other letters", "Qz7k WmX"],
  ["empty", ""],
])("a text %s holds none", (_kind, text) => {
  expect(holdsNeedle(text, needlesOf("Qz7kWmXp"))).toBe(false);
});

test("a short secret is looked for as it is, so that not every word holds it", () => {
  expect(holdsNeedle("a.b", needlesOf("a.b"))).toBe(true);
  expect(holdsNeedle("cab", needlesOf("a.b"))).toBe(false);
});

test("the place of a secret in a text is found again, whatever is around it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
      const text = `${before}|Ｑz\u00ad7k\u200bWm|${after}`;
      const [needle = { text: "" }] = needlesOf("Qz7kWm");
      const spans = spansOf(fold(text), [needle.text]);
      expect(spans).not.toEqual([]);
      expect(unfold(text, spans, fold)).toHaveLength(spans.length);
      for (const [start, end] of unfold(text, spans, fold)) {
        expect(fold(text.slice(start, end))).toContain("qz7kwm");
      }
    }),
  );
});

test("signs of a secret are a part of it, and what separates groups is not", () => {
  expect(holdsNeedle("Password", needlesOf("pa&ss<wo>rd"))).toBe(false);
  expect(holdsNeedle("pa&s-s<wo> rd", needlesOf("pa&ss<wo>rd"))).toBe(true);
  expect(holdsNeedle("4556 1234", needlesOf("4556-1234"))).toBe(true);
  expect(holdsNeedle("a]b\\c^d-e", needlesOf("a]b\\c^d"))).toBe(true);
});

test("a text is folded as its characters are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
      const single = Array.from(text, (character) => fold(character)).join("");
      expect(lettersOf(fold(text))).toBe(lettersOf(single));
    }),
  );
});

test("a megabyte is looked through in time, also when it is all beginnings of the secret", () => {
  const hostile = ["ä".repeat(1_000_000), "a".repeat(1_000_000), "Qz7k Wm\u200d".repeat(120_000)];
  for (const text of hostile) {
    const start = performance.now();
    spansOf(
      fold(text),
      needlesOf("aaaaaaaaaaaaaaab").map((needle) => needle.text),
    );
    holdsNeedle(text, needlesOf("Qz7kWmXp"));
    // Quadratic work would take hours; the machine may be busy.
    expect(performance.now() - start).toBeLessThan(8_000);
  }
});
