import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ACTIONS, LOCATOR_TYPES } from "../../../src/protocol/commands.js";

const BROWSER_TESTS = new URL("../../browser/", import.meta.url);

test("every command has a test in a real browser", async () => {
  const commands = (await readdir(new URL("commands", BROWSER_TESTS))).map((name) => `commands/${name}`);
  const files = [...commands, "runs/runner.test.ts"];
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, BROWSER_TESTS), "utf8")));
  const source = sources.join("\n");
  expect(ACTIONS.filter((action) => !source.includes(`action: "${action}"`))).toEqual([]);
});

test("every type of locator has a test in a real browser", async () => {
  const source = await readFile(new URL("port/locators.test.ts", BROWSER_TESTS), "utf8");
  const isTested = (type: string) => source.includes(`by("${type}"`) || source.includes(`type: "${type}"`);
  expect(LOCATOR_TYPES.filter((type) => !isTested(type))).toEqual([]);
});
