import { find } from "../find.js";
import { describeLocator, locatorOf } from "../locator.js";
import type { Executor } from "../executor.js";

export const select: Executor<"select"> = {
  describe: (command) => `Select '${command.label}' in ${describeLocator(command)}`,
  expectation: ({ label }) => `a list with the option '${label}'`,
  async execute(command, { page, signal, timeoutMs }) {
    const request = {
      locator: locatorOf(command),
      until: "option",
      expected: command.label,
      timeoutMs,
    } as const;
    await find(page, request, signal);
  },
};
