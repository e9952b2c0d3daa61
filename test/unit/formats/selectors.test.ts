import { describe, expect, test } from "vitest";
import { requireSelectorsOf } from "../../../src/formats/selectors.js";
import type { Script } from "../../../src/protocol/commands.js";
import { READABLE, UNREADABLE } from "../../support/selectors.js";

const KINDS = ["css", "xpath"] as const;

function refusalOf(...commands: Script): string | undefined {
  try {
    requireSelectorsOf(commands);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(KINDS)("a selector of the kind %s", (kind) => {
  const click = (value: string): Script[number] => ({
    action: "click",
    locator_type: kind,
    locator_value: value,
  });

  test.each(READABLE[kind])("is taken when browsers read it: %s", (value) => {
    expect(refusalOf(click(value))).toBeUndefined();
  });

  test.each(UNREADABLE[kind])("is refused when they do not: %s", (value) => {
    expect(refusalOf(click(value))).toMatch(
      /^Command 1 \(click\) field 'locator_value' is no (?:CSS selector|XPath) that/,
    );
  });

  test("is read once its places are filled in", () => {
    expect(refusalOf(click("a[${x}"))).toBeUndefined();
  });
});

test("a refusal names the command, the field and the remedy", () => {
  const within = { locator_type: "css", locator_value: "li:contains('Ada')" } as const;
  const script: Script = [
    { action: "wait", duration: 1 },
    {
      action: "click",
      locator_type: "role",
      locator_value: "button",
      alternatives: [{ locator_type: "id", locator_value: "a", within }],
    },
  ];
  expect(refusalOf(...script)).toBe(
    "Command 2 (click) field 'alternatives[0].within.locator_value' is no CSS selector that browsers read: " +
      "':contains' is no pseudo-class of browsers; find the element by its text or role instead, or use 'within' and 'nth'.",
  );
  expect(refusalOf({ action: "verify_accessible", exclude: [".a", "b["] })).toMatch(/'exclude\[1\]'/);
  expect(
    refusalOf({ action: "click", locator_type: "xpath", locator_value: "//a[matches(., 'x')]" }),
  ).toMatch(/browsers know the functions of XPath 1.0 only/);
});
