import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Match } from "../../../src/protocol/commands.js";
import { comparerOf, quote, seenText, verbOf } from "../../../src/runner/matching.js";
import { withoutInvisible } from "../../../src/runner/page/same-text.js";
import { normalizeText } from "../../../src/runner/white-space.js";

const matches = (match: Match, expected: string, text: string) =>
  comparerOf({ match, expected, not: false })(text);

test.each<[Match, string, string, boolean]>([
  ["contains", "12 €", "Price:\u00a012\u00a0€ only", true],
  ["contains", "a  b", "xa\nbx", true],
  ["contains", "A", "a", false],
  ["contains", " ", "ab", false],
  ["contains", " ", "a b", true],
  ["equals", "a b", " a\n b ", true],
  ["equals", "a b", "ab", false],
  ["equals", "", "  ", true],
  ["equals", "a", "a b", false],
  ["glob", "report-*.pdf", "report-2026.pdf", true],
  ["glob", "report-*.pdf", "my report-2026.pdf", false],
  ["glob", "*", "", true],
  ["glob", "", "", true],
  ["glob", "", "a", false],
  ["glob", "?", "👋", true],
  ["glob", "?", "ab", false],
  ["glob", "a*b*c", "a--b-b--c", true],
  ["glob", "a*b*c", "a--b-b--", false],
  ["glob", "*.p?f", "a.b.pdf", true],
  ["glob", "[a](.+)", "[a](.+)", true],
  ["glob", "a*", "a\nb", true],
  ["regex", "order \\d+", "Your order 1001 is placed", true],
  ["regex", "^order", "Your order", false],
  ["regex", "(?i)ORDER$", "your order", true],
  ["regex", "^.$", "世", true],
  ["contains", "Benutzerverwaltung", "Die Benutzer\u00adverwaltung", true],
  ["contains", "Benutzer\u00adverwaltung", "Die Benutzerverwaltung", true],
  ["equals", "SpeichernSchließen", "Speichern\u200bSchließen", true],
  ["equals", "1,234.50 ₪", "\u200f1,234.50\u00a0\u200f₪", true],
  ["equals", "Café", "Cafe\u0301", true],
  ["equals", "Cafe\u0301", "Café", true],
  ["equals", "Cafe", "Café", false],
  ["glob", "Café *", "Cafe\u0301 \u200bau\nlait", true],
  ["glob", "First * line", "First\nand last\nline", true],
  ["regex", "^Benutzerverwaltung$", "Benutzer\u00adverwaltung", true],
  ["regex", "First line Second", "First line\nSecond", true],
  ["regex", "line\nSecond", "First line\nSecond", true],
  ["raw", "a b", "a b", true],
  ["raw", "a b", "a\u00a0b", false],
  ["raw", "ab", "a\u00adb", false],
  ["raw", "a\u00adb", "a\u00adb", true],
  ["raw", "Café", "Cafe\u0301", false],
  ["raw", "a", " a", false],
])("%s %j and %j: %s", (match, expected, text, result) => {
  expect(matches(match, expected, text)).toBe(result);
  expect(comparerOf({ match, expected, not: true })(text)).toBe(!result);
});

describe("a glob", () => {
  const literal = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[*?]/g, ""));

  test("without signs is the text itself and no other", () => {
    fc.assert(
      fc.property(literal, literal, (pattern, text) => {
        const looks = withoutInvisible(pattern) === normalizeText(text);
        return matches("glob", pattern, text) === (pattern === text || looks);
      }),
    );
  });

  test("matches what its stars were made from", () => {
    fc.assert(
      fc.property(fc.array(literal, { minLength: 1 }), fc.array(fc.string()), (parts, between) => {
        const text = parts.map(
          (part, index) => part + (index < parts.length - 1 ? (between[index] ?? "") : ""),
        );
        return matches("glob", parts.join("*"), text.join(""));
      }),
    );
  });
});

test("a glob means the same as the regular expression that says it", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "😀", "*", "?"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (glob, seen) => {
      const regex = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
      expect(matches("glob", glob, seen)).toBe(regex.test(seen));
    }),
    { numRuns: 2_000 },
  );
});

describe("a regular expression", () => {
  test.each([
    ["a(", "the regular expression /a(/ is not valid: missing closing )"],
    ["(?=x)", "the regular expression /(?=x)/ is not valid: invalid or unsupported Perl syntax"],
    ["a**", "is not valid: invalid nested repetition operator"],
  ])("%s is refused with its reason", (pattern, reason) => {
    expect(() => comparerOf({ match: "regex", expected: pattern, not: false })).toThrow(reason);
  });

  test("that would take exponential time elsewhere takes linear time", () => {
    const started = performance.now();
    expect(matches("regex", "^(a+)+$", `${"a".repeat(50_000)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("that would hold up the server is refused", () => {
    expect(() => matches("regex", "(.*a){1000}", "b".repeat(100_000))).toThrow(
      "the text of 100000 characters is too long to be compared with /(.*a){1000}/",
    );
  });
});

test.each<[Match, boolean, string]>([
  ["contains", false, 'contains "x"'],
  ["contains", true, 'does not contain "x"'],
  ["equals", false, 'is "x"'],
  ["equals", true, 'is not "x"'],
  ["glob", false, 'is like "x"'],
  ["regex", false, "matches /x/"],
  ["regex", true, "does not match /x/"],
  ["raw", false, 'is exactly "x"'],
  ["raw", true, 'is not exactly "x"'],
])("%s, turned round: %s, is said as %j", (match, not, words) => {
  expect(verbOf({ match, expected: "x", not })).toBe(words);
});

describe("a megabyte of hostile text", () => {
  /** Least of two, in milliseconds of this process: other programs do not count. */
  function costOf(compare: () => unknown): number {
    const costs = [1, 2].map(() => {
      const before = process.cpuUsage();
      compare();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return Math.min(...costs);
  }

  const almost = "a".repeat(45);
  const comparisons: [name: string, match: Match, expected: string][] = [
    ["contains what almost is there", "contains", `${"a".repeat(3_000)}b`],
    ["is what almost is there", "equals", `b${"a".repeat(3_000)}`],
    ["is like what almost is there", "glob", `*${almost}b*${almost}b*`],
    ["is like any", "glob", "*?*?*?*b"],
  ];
  const pieces = ["a", "a ", "漢字 ", "\ud800", "\u00a0", "😀"];
  test.each(comparisons.flatMap((comparison) => pieces.map((piece) => [...comparison, piece] as const)))(
    "%s: a time in proportion to its length",
    (_name, match, expected, piece) => {
      const quarter = piece.repeat(250_000 / piece.length);
      const compare = comparerOf({ match, expected, not: false });
      const costOfQuarter = costOf(() => compare(quarter));
      expect(costOf(() => compare(quarter.repeat(4)))).toBeLessThan(8 * costOfQuarter + 100);
    },
  );

  test("is refused by a regular expression, and by a glob with signs to search for, that would take long", () => {
    const text = "a".repeat(1_000_000);
    const reason = "the text of 1000000 characters is too long to be compared with";
    expect(() => matches("regex", "(?:(?:a|b)?){30}[cd]", text)).toThrow(reason);
    expect(() => matches("glob", `*${"?".repeat(10)}b*`, text)).toThrow(reason);
  });

  test("is quoted without being looked at as a whole", () => {
    expect(quote(`${" ".repeat(500_000)}a${" ".repeat(500_000)}b`)).toBe('"a…"');
    expect(quote("x ".repeat(500_000))).toHaveLength(302);
  });
});

test("a quoted text is one line of at most 300 characters", () => {
  expect(quote(' a\n"b" ')).toBe(String.raw`"a \"b\""`);
  expect(JSON.parse(quote("x".repeat(301)))).toHaveLength(300);
  expect(quote("x".repeat(301))).toMatch(/…"$/);
});

test("where each character counts, a message shows those that cannot be seen", () => {
  const expected = "a\u00adb\u00a0c";
  expect(verbOf({ match: "raw", expected, not: false })).toBe(String.raw`is exactly "a\u00adb\u00a0c"`);
  expect(seenText("a\u200bb c\n\ue000", "raw")).toBe(String.raw`is "a\u200bb c\n\ue000"`);
  expect(seenText(" ", "raw")).toBe('is " "');
});
