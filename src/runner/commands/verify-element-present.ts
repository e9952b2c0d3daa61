import { find } from "../find.js";
import { describeLocator, locatorOf } from "../locator.js";
import type { Executor } from "../executor.js";

export const verifyElementPresent: Executor<"verify_element_present"> = {
  describe: (command) => `Verify that ${describeLocator(command)} is present`,
  expectation: () => "an element in the document",
  async execute(command, { page, signal, timeoutMs }) {
    await find(page, { locator: locatorOf(command), until: "present", timeoutMs }, signal);
  },
};
