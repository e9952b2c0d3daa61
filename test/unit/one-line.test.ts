import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine, printableJson } from "../../src/one-line.js";

test.each([
  ["a\nb\r\nc\td", String.raw`a\nb\r\nc\td`],
  ["\u001b[31mred\u001b]0;title\u0007", String.raw`\u001b[31mred\u001b]0;title\u0007`],
  ["\u009b2J\u0085\u007f\0", String.raw`\u009b2J\u0085\u007f\u0000`],
  ["a\u2028b\u2029c", String.raw`a\u2028b\u2029c`],
  ["exe.\u202egpj\u2066x\u2069\u200f\u061c", String.raw`exe.\u202egpj\u2066x\u2069\u200f\u061c`],
])("%j is one line", (text, line) => {
  expect(oneLine(text)).toBe(line);
});

test("other text stays as it is", () => {
  const text = `Grüße, 你好, שלום, 👩‍👩‍👧, "quoted" \\n C:\\new`;
  expect(oneLine(text)).toBe(text);
});

test("no text leaves its line or moves a terminal, and JSON keeps its meaning", () => {
  const binary = fc.string({ unit: "binary" });
  const isPlain = (text: string) => !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text);
  fc.assert(
    fc.property(binary, (text) => {
      expect(isPlain(oneLine(text))).toBe(true);
      const json = printableJson(JSON.stringify({ [text]: text }));
      expect(isPlain(json)).toBe(true);
      expect(JSON.parse(json)).toEqual({ [text]: text });
    }),
  );
});

test("a megabyte takes no time that grows with its square", () => {
  const started = performance.now();
  oneLine("\u2028\n\u001b".repeat(350_000));
  expect(performance.now() - started).toBeLessThan(10_000);
});
