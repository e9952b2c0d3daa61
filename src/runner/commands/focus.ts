import type { Executor } from "../executor.js";
import { find } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";

export const focus: Executor<"focus"> = {
  acts: true,
  describe: (command) => `Give ${describeLocator(command)} the focus`,
  expectation: () => "an element that takes the focus",
  async execute(command, context) {
    const { timeoutMs } = context;
    await find({ until: "focused", target: targetOf(command), timeoutMs }, context);
  },
};

export const blur: Executor<"blur"> = {
  acts: true,
  describe: (command) => `Take the focus from ${describeLocator(command)}`,
  expectation: () => "an element without the focus",
  async execute(command, context) {
    const { timeoutMs } = context;
    await find({ until: "blurred", target: targetOf(command), timeoutMs }, context);
  },
};
