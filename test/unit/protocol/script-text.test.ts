import { describe, expect, test } from "vitest";
import { scriptTextOf, toScriptText } from "../../../src/protocol/script-text.js";

describe("a script that somebody gives", () => {
  test("is kept as it was written, but for white space around it", () => {
    const written = '[\n  { "action": "wait", "duration": 1 }\n]';

    expect(toScriptText(`  ${written}\n`)).toBe(written);
  });

  test("may be an array instead of text", () => {
    expect(toScriptText([{ action: "wait", duration: 1 }])).toBe('[{"action":"wait","duration":1}]');
  });

  test.each(["", "  ", "[]", "[ \n ]"])("is none when it is %j", (script) => {
    expect(toScriptText(script)).toBeNull();
  });

  test("is none when it is an empty array", () => {
    expect(toScriptText([])).toBeNull();
  });

  test.each([
    ['[{"action":"dance"}]', "invalid_script", "Command 1 has unknown action"],
    ["import time", "python_script", "Detected Python code"],
    ["{", "invalid_script", "not valid JSON"],
  ])("is refused when it is %j", (script, code, message) => {
    expect(() => toScriptText(script)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    );
  });
});

test("valid commands are stored as text", () => {
  expect(scriptTextOf([{ action: "wait", duration: 1 }])).toBe('[{"action":"wait","duration":1}]');
});
