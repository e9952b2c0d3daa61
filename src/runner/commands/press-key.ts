import type { Executor } from "../executor.js";
import { findAndStrike } from "../find.js";
import { parseKeys } from "../keys.js";
import { describeLocator, targetOf } from "../locator.js";
import { targetIn } from "../optional-target.js";

export const pressKey: Executor<"press_key"> = {
  describe(command) {
    const target = targetIn(command);
    return target ? `Press ${command.keys} in ${describeLocator(target)}` : `Press ${command.keys}`;
  },
  expectation: (command) =>
    targetIn(command) ? "an element that takes the focus and a key to press" : "a key to press",
  async execute(command, context) {
    const { page, signal, timeoutMs } = context;
    const keys = parseKeys(command.keys);
    const target = targetIn(command);
    if (target !== undefined) {
      const goal = { until: "focused", forKeys: true } as const;
      await findAndStrike({ goal, target: targetOf(target), timeoutMs }, () => keys, context);
    } else if (page.isInFrame) {
      await findAndStrike({ goal: { until: "refocused" }, timeoutMs }, () => keys, context);
    } else {
      await page.press(keys, signal);
    }
  },
};
