import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { find } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { targetIn } from "../optional-target.js";

export const scroll: Executor<"scroll"> = {
  describe: (command) => `Scroll ${describeScroll(command)}`,
  expectation: () => "something that can be scrolled",
  async execute(command, context) {
    const target = targetIn(command);
    const by = distanceOf(command);
    const { to } = command;
    const goal = { until: "scrolled", ...(by && { by }), ...(to && { to }) } as const;
    const { timeoutMs } = context;
    await find({ ...goal, ...(target && { target: targetOf(target) }), timeoutMs }, context);
  },
};

function distanceOf({ by_x, by_y }: CommandOf<"scroll">): { x: number; y: number } | undefined {
  return by_x === undefined && by_y === undefined ? undefined : { x: by_x ?? 0, y: by_y ?? 0 };
}

function describeScroll(command: CommandOf<"scroll">): string {
  const target = targetIn(command);
  const what = target ? describeLocator(target) : "the page";
  const by = distanceOf(command);
  if (by) return `${what} by ${by.x}, ${by.y} px`;
  return command.to === undefined ? `to ${what}` : `${what} to its ${command.to}`;
}
