import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, click, id } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

const type = (field: string, text: string): Command => ({ action: "input", ...id(field), text });
const holds = (field: string, expected_value: string, more: object = {}) =>
  ({ action: "verify_value", ...id(field), expected_value, ...more }) as Command;
const has = (element: string, attribute: string, expected_value?: string, more: object = {}) =>
  ({ action: "verify_attribute", ...id(element), attribute, expected_value, ...more }) as Command;

describe.each(ROADS)("values over %s", (road) => {
  const { open, pass, fail } = browsing(road, { isShared: true });
  const values = () => open("/values");

  test.each([
    [
      "meeting",
      "2026-03-09T14:30:00",
      ["2026-03-09T14:30", "2026-03-09T14:30:00", "2026-03-09 14:30:00.000"],
    ],
    ["meeting", "2026-03-09T14:30", ["2026-03-09T14:30:00", "2026-03-09T14:30"]],
    ["meeting", "2026-03-09T14:30:15", ["2026-03-09T14:30:15", "2026-03-09T14:30:15.0"]],
    ["alarm", "06:45:00", ["06:45", "06:45:00"]],
    ["alarm", "06:45:10.500", ["06:45:10.5", "06:45:10.500"]],
  ])("%s takes %s, with and without seconds that are 0", async (field, text, same) => {
    await pass(
      values(),
      type(field, text),
      ...same.map((value) => holds(field, value)),
      ...same.map((value) => has(field, "value", value)),
      holds(field, "2026-03-09T14:31", { not: true }),
      holds(field, "14:31:00", { not: true }),
    );
  });

  test("seconds that are not 0 count, and a text that only looks like a time is compared as it is", async () => {
    await pass(values(), type("meeting", "2026-03-09T14:30:15"), holds("clock-text", "14:30"));
    const message = await fail(values(), holds("clock-text", "14:30:00", { timeout: 0.2 }));
    expect(message).toContain('but its value is "14:30"');
    await fail(
      values(),
      type("meeting", "2026-03-09T14:30:15"),
      holds("meeting", "2026-03-09T14:30", { timeout: 0.2 }),
    );
  });

  test("of a field that was changed, attributes tell what is so now", async () => {
    await pass(
      values(),
      has("note", "value", "first"),
      has("terms", "checked"),
      type("note", "second"),
      type("area", "changed"),
      click("terms"),
      { action: "select", ...id("size"), label: "Large" },
      holds("note", "second"),
      has("note", "value", "second"),
      has("area", "value", "changed"),
      has("size", "value", "Large"),
      has("terms", "checked", undefined, { not: true }),
      has("large", "selected"),
      has("small", "selected", undefined, { not: true }),
      { action: "store_attribute", ...id("note"), attribute: "value", variable: "note" },
      { action: "verify_variable", variable: "note", expected_value: "second" },
    );
  });

  test("any other attribute is as it stands in the document", async () => {
    await pass(values(), has("link", "href", "/relative"), has("link", "data-checked", "yes"));
  });
});
