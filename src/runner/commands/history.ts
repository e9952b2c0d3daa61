import type { Executor } from "../executor.js";
import { NotSatisfied } from "../find.js";

export const back = historyStep("back", -1);
export const forward = historyStep("forward", 1);

export const refresh: Executor<"refresh"> = {
  acts: true,
  leavesFrames: true,
  describe: () => "Load the page again",
  expectation: () => "the page to load again",
  leavesPage: true,
  execute: (_command, { page, signal }) => page.reload(signal),
};

function historyStep<A extends "back" | "forward">(direction: A, step: -1 | 1): Executor<A> {
  return {
    acts: true,
    leavesFrames: true,
    describe: () => `Go ${direction} one page`,
    expectation: () => `to go ${direction} one page`,
    atOnce: true,
    leavesPage: true,
    async execute(_command, { page, signal }) {
      if (await page.traverseHistory(step, signal)) return;
      throw new NotSatisfied(`there is no page to go ${direction} to`);
    },
  };
}
