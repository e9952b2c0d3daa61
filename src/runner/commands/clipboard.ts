import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { expectationOf, seenText, verbOf } from "../matching.js";
import { poll } from "../polling.js";
import { bondsTo } from "../secrets/rules.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

export const set_clipboard: Executor<"set_clipboard"> = {
  acts: true,
  describe: () => "Put a text into the clipboard",
  expectation: () => "to fill the clipboard",
  atOnce: true,
  async execute({ text }, { page, variables, secretsOf, signal }) {
    const [bond] = bondsTo(secretsOf("text"), variables);
    if (bond !== undefined)
      throw new Error(`${bond.refusal}, and any page can paste it from the clipboard; type it into a field`);
    await page.clipboard.write(text, signal);
  },
};

export const verify_clipboard: Executor<"verify_clipboard"> = {
  acts: false,
  describe: (command) => `Verify that ${describeText(command)}`,
  expectation: (command) => `that ${describeText(command)}`,
  leavesDialogs: true,
  async execute(command, { page, variables, ...limits }) {
    const comparison = wholeComparison(expectationOf(command, "equals", command.expected_text), variables);
    await poll(async (until) => {
      const text = await page.clipboard.read(until);
      return comparison.isAsExpected(text) ? undefined : `it ${seenText(text)}${comparison.note(text)}`;
    }, limits);
  },
};

export const store_clipboard: Executor<"store_clipboard"> = {
  acts: false,
  describe: ({ variable }) => `Keep the clipboard's text as '${variable}'`,
  expectation: () => "a text in the clipboard",
  leavesDialogs: true,
  async execute({ variable }, { page, variables, ...limits }) {
    let text = "";
    await poll(async (until) => {
      text = await page.clipboard.read(until);
      return text === "" ? "it is empty" : undefined;
    }, limits);
    variables.set(variable, text);
  },
};

function describeText(command: CommandOf<"verify_clipboard">): string {
  return `the clipboard's text ${verbOf(expectationOf(command, "equals", command.expected_text))}`;
}
