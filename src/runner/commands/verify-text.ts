import { find } from "../find.js";
import { describeLocator, locatorOf } from "../locator.js";
import type { Executor } from "../executor.js";

export const verifyText: Executor<"verify_text"> = {
  describe: (command) => `Verify that ${describeLocator(command)} shows '${command.expected_text}'`,
  expectation: ({ expected_text }) => `text that contains ${JSON.stringify(expected_text)}`,
  async execute(command, { page, signal, timeoutMs }) {
    const expected = command.expected_text;
    await find(page, { locator: locatorOf(command), until: "text", expected, timeoutMs }, signal);
  },
};
