import { findAndClick } from "../find.js";
import { describeLocator, locatorOf } from "../locator.js";
import type { Executor } from "../executor.js";

export const click: Executor<"click"> = {
  describe: (command) => `Click ${describeLocator(command)}`,
  expectation: () => "an element that can be clicked",
  async execute(command, { page, signal, timeoutMs }) {
    await findAndClick(page, { locator: locatorOf(command), timeoutMs }, signal);
  },
};
