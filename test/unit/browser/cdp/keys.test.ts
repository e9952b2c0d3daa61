import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chordEvents, strokesOf, typingEvents } from "../../../../src/browser/cdp/keys.js";
import { KEY_NAMES } from "../../../../src/runner/keys.js";

const chord = (...keys: string[]) => chordEvents(keys, false);

describe("keys over DevTools", () => {
  it("every named key has its place on the keyboard and its code", () => {
    for (const name of KEY_NAMES) {
      const [down] = chord(name);
      expect(down, name).toMatchObject({ key: name });
      expect(down?.code, name).not.toBe("");
      expect(down?.windowsVirtualKeyCode, name).toBeGreaterThan(0);
    }
  });

  it("every character of a US keyboard has its place, with and without Shift", () => {
    const characters = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ ";
    const shifted = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>? ';
    for (const [index, character] of Array.from(characters).entries()) {
      const [plain] = strokesOf(character);
      const [held] = strokesOf(shifted.charAt(index));
      expect(plain?.code).not.toBe("");
      expect(held?.code).toBe(plain?.code);
      expect(held?.windowsVirtualKeyCode).toBe(plain?.windowsVirtualKeyCode);
      expect(chord("Shift", character)[1]?.text).toBe(shifted.charAt(index));
    }
  });

  it("a chord holds its keys, types nothing with Control, and lets go in the opposite order", () => {
    const events = chord("Control", "Shift", "K");
    expect(events.map(({ type, key, modifiers }) => [type, key, modifiers])).toEqual([
      ["rawKeyDown", "Control", 2],
      ["rawKeyDown", "Shift", 10],
      ["rawKeyDown", "K", 10],
      ["keyUp", "K", 10],
      ["keyUp", "Shift", 2],
      ["keyUp", "Control", 0],
    ]);
  });

  it("names editing commands where the browser is on macOS, and only there", () => {
    const commands = (isMac: boolean) =>
      chordEvents(["Meta", "a"], isMac).flatMap((event) => event.commands ?? []);
    expect(commands(true)).toEqual(["selectAll"]);
    expect(commands(false)).toEqual([]);
  });

  it("line ends are Enter whatever the system writes, and a tab is the Tab key", () => {
    expect(strokesOf("a\r\nb\rc\n\t").map(({ key }) => key)).toEqual([
      "a",
      "Enter",
      "b",
      "Enter",
      "c",
      "Enter",
      "Tab",
    ]);
  });

  it("Shift is held through the capitals and signs that need it, and no longer", () => {
    const told = typingEvents(strokesOf("aB?1 Äß")).map(({ type, key, modifiers }) => {
      return `${type === "keyUp" ? "-" : "+"}${key}${modifiers === 8 ? "^" : ""}`;
    });
    expect(told.join(" ")).toBe(
      "+a -a +Shift^ +B^ -B^ +?^ -?^ -Shift +1 -1 +  -  +Shift^ +Ä^ -Ä^ -Shift +ß -ß",
    );
  });

  it("any other text is typed as it is, one stroke a character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\t]/.test(text)),
        (text) => {
          const events = typingEvents(strokesOf(text)).filter(({ key }) => key !== "Shift");
          expect(events.map((event) => event.text).join("")).toBe(text);
          expect(events).toHaveLength(2 * Array.from(text).length);
        },
      ),
    );
  });
});
