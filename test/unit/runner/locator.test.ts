import { describe, expect, test } from "vitest";
import type { Locator } from "../../../src/protocol/commands/locator.js";
import { describeLocator, targetOf } from "../../../src/runner/locator.js";

describe("a locator in words", () => {
  test.each<[Locator, string]>([
    [{ locator_type: "id", locator_value: "login" }, "id 'login'"],
    [{ locator_type: "role", locator_value: "button", locator_name: "Save" }, "role button 'Save'"],
    [{ locator_type: "role", locator_value: "dialog" }, "role dialog"],
    [
      {
        locator_type: "css",
        locator_value: ".row",
        nth: 2,
        within: { locator_type: "id", locator_value: "cart" },
      },
      "css '.row' number 3 in id 'cart'",
    ],
    [{ locator_type: "css", locator_value: ".row", nth: 0 }, "css '.row' number 1"],
    [{ locator_type: "css", locator_value: ".row", nth: -1 }, "css '.row' (the last)"],
    [{ locator_type: "css", locator_value: ".row", nth: -3 }, "css '.row' number 3 from the end"],
    [
      {
        locator_type: "text",
        locator_value: "Buy",
        within: {
          locator_type: "role",
          locator_value: "row",
          locator_name: "Lamp",
          within: { locator_type: "tag", locator_value: "table", nth: 1 },
        },
      },
      "text 'Buy' in role row 'Lamp' in tag 'table' number 2",
    ],
  ])("%j is %s", (locator, words) => {
    expect(describeLocator(locator)).toBe(words);
  });

  test("a long value is cut to 120 characters", () => {
    const words = describeLocator({ locator_type: "xpath", locator_value: "/".repeat(500) });
    expect(words).toBe(`xpath '${"/".repeat(119)}…'`);
  });
});

test("a target takes over every field of the command's locators and nothing else of the command", () => {
  const command = {
    action: "click",
    description: "Buys the lamp",
    timeout: 3,
    locator_type: "role",
    locator_value: "button",
    locator_name: "Buy",
    exact: false,
    nth: -1,
    within: { locator_type: "id", locator_value: "cart", nth: 0 },
    alternatives: [{ locator_type: "css", locator_value: ".buy", exact: undefined }],
  } as const;
  expect(targetOf({ ...command, alternatives: [...command.alternatives] })).toEqual({
    locator: {
      type: "role",
      value: "button",
      name: "Buy",
      exact: false,
      nth: -1,
      within: { type: "id", value: "cart", nth: 0 },
    },
    alternatives: [{ type: "css", value: ".buy" }],
  });
});

test("a target without alternatives has none", () => {
  expect(targetOf({ locator_type: "id", locator_value: "login" })).toStrictEqual({
    locator: { type: "id", value: "login" },
  });
});
