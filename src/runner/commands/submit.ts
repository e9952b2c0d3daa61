import type { Executor } from "../executor.js";
import { find } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";

export const submit: Executor<"submit"> = {
  acts: true,
  describe: (command) => `Submit the form of ${describeLocator(command)}`,
  expectation: () => "a form to submit",
  async execute(command, context) {
    const { timeoutMs } = context;
    await find({ until: "submitted", target: targetOf(command), timeoutMs }, context);
  },
};
