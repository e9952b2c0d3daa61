import { describe, expect, it } from "vitest";
import { commandsPage } from "../../../scripts/commands-page.js";
import { ACTIONS, COMMANDS, LOCATOR_TYPES, LOCATORS, Locator } from "../../../src/protocol/commands.js";
import { parseScript } from "../../../src/protocol/script.js";

const page = commandsPage();

/** The part of the page under a command's heading. */
function sectionOf(action: string): string {
  return page.split(`\n### ${action}\n`)[1]?.split(/\n###? /)[0] ?? "";
}

describe("the examples", () => {
  it.each(ACTIONS)("of %s can be read as a script", (action) => {
    expect(COMMANDS[action].example.action).toBe(action);
    expect(parseScript([COMMANDS[action].example])).toEqual([COMMANDS[action].example]);
  });

  it.each(LOCATOR_TYPES)("of the locator %s can be read", (type) => {
    const example = { locator_type: type, ...LOCATORS[type].example };
    expect(Locator.parse(example)).toEqual(example);
    expect(page).toContain(`| \`${JSON.stringify(example)}\` |`);
  });
});

describe("the page", () => {
  it.each(ACTIONS)("describes %s, each of its own fields and an example", (action) => {
    const section = sectionOf(action);
    expect(section).toContain(COMMANDS[action].description);
    for (const field of Object.keys(COMMANDS[action].schema.shape)) {
      const isNamed = section.includes(`\`${field}\``) || section.includes("a locator") || field === "action";
      expect(isNamed, field).toBe(true);
    }
    const json: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(section)?.[1] ?? "");
    expect(json).toEqual(COMMANDS[action].example);
  });

  it("has only JSON that can be read as a script", () => {
    const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, json = ""]) => JSON.parse(json) as unknown,
    );
    expect(blocks.length).toBeGreaterThan(ACTIONS.length);
    for (const block of blocks) expect(() => parseScript([block].flat())).not.toThrow();
  });

  it("explains shared fields once and not with every command", () => {
    for (const field of ["locator_type", "alternatives", "timeout", "soft"]) {
      expect(page.split(`\n| \`${field}\` |`)).toHaveLength(2);
    }
  });
});
