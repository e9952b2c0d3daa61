import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeText } from "../../../src/runner/white-space.js";

describe.each([
  ["short", 1],
  ["long", 250],
])("in a %s text", (_length, times) => {
  const made = (text: string) => text.repeat(times);
  const unit = fc.constantFrom("a", "漢", "😀", "\ud800", " ", "\n", "\u00a0", "\u2003", "\u202f");

  test("white space of any kind and amount is one space, and none at the ends", () => {
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }).map(made), (text) => {
        expect(normalizeText(text)).toBe(text.replace(/\s+/g, " ").trim());
      }),
    );
  });

  test.each([
    ["soft hyphens", "Benutzer\u00adverwaltung", "Benutzerverwaltung"],
    ["places where a word may break", "Speichern\u200bSchließen\u2060!", "SpeichernSchließen!"],
    ["joiners", "می\u200cخواهم", "میخواهم"],
    ["marks of direction", "\u200f1,234.50 ₪\u200e \u2066x\u2069\u061c", "1,234.50 ₪ x"],
    ["byte order marks", "\ufeffa\ufeffb", "ab"],
    ["the choice of a sign's picture", "\u2764\ufe0f", "\u2764"],
    ["invisible signs between white space", "a \u200b b", "a b"],
  ])("%s are nothing", (_what, text, same) => {
    expect(normalizeText(made(`${text}|`))).toBe(made(`${same}|`));
  });

  test("letters are the same however they are composed", () => {
    const text = made("Café au lait für Åsa|");
    expect(normalizeText(text.normalize("NFD"))).toBe(text.normalize("NFC"));
    expect(normalizeText(text.normalize("NFC"))).toBe(text.normalize("NFC"));
  });
});
