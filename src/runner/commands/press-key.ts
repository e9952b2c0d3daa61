import { callPage } from "../ask-page.js";
import type { CommandContext, Executor } from "../executor.js";
import { findAndStrike } from "../find-and-act.js";
import { whenReady } from "../find.js";
import { isEdit, parseKeys } from "../keys.js";
import { describeLocator, targetOf } from "../locator.js";
import { WHY_NO_EDITS } from "../page-script.generated.js";
import { targetIn } from "../optional-target.js";

/** A field that was typed from a secret would hold a part of it, which could be read. */
async function refuseEdits({ page, signal }: CommandContext): Promise<void> {
  const why = await callPage(page, WHY_NO_EDITS, "", signal);
  if (why !== "") throw new Error(why);
}

export const press_key: Executor<"press_key"> = {
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
    const edits = context.variables.used.length > 0 && isEdit(keys);
    if (target !== undefined) {
      const goal = { until: "focused", forKeys: true, ...(edits && { edits }) } as const;
      await findAndStrike({ goal, target: targetOf(target), timeoutMs }, () => keys, context);
      return;
    }
    if (edits) await refuseEdits(context);
    if (page.isInFrame) {
      await findAndStrike({ goal: { until: "refocused" }, timeoutMs }, () => keys, context);
    } else {
      await whenReady(timeoutMs, context);
      await page.press(keys, signal);
    }
  },
};
