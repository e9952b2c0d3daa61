import type { Executor } from "../executor.js";
import { find } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { describeOptions, optionsOf } from "../options.js";

export const select: Executor<"select"> = {
  acts: true,
  describe: (command) => `Select ${describeOptions(command)} in ${describeLocator(command)}`,
  expectation: (command) => `a list with ${describeOptions(command)}`,
  async execute(command, context) {
    const options = optionsOf(command);
    const { timeoutMs } = context;
    await find({ until: "chosen", target: targetOf(command), options, timeoutMs }, context);
  },
};
