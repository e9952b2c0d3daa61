import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { findAndAskByWheel, turnsOf } from "../find-and-act.js";
import { find, NotSatisfied } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { targetIn } from "../optional-target.js";
import type { PageRequest } from "../page/requests.js";

export const scroll: Executor<"scroll"> = {
  acts: true,
  describe: (command) => `Scroll ${describeScroll(command)}`,
  expectation: () => "something that can be scrolled",
  async execute(command, context) {
    const target = targetIn(command);
    const by = distanceOf(command);
    const { to } = command;
    const goal = { until: "scrolled", ...(by && { by }), ...(to && { to }) } as const;
    const place = target && { target: targetOf(target) };
    const { timeoutMs, page, signal } = context;
    const begun = performance.now();
    const found = await find({ ...goal, ...place, orWheel: true, timeoutMs }, context);
    if (by === undefined || found.isStill !== true) return;
    if (found.point) {
      await page.pointer([{ type: "move", to: found.point }, ...turnsOf([by])], signal);
      return;
    }
    if (place === undefined) return;
    const left = () => ({ ...place, timeoutMs: Math.max(timeoutMs - (performance.now() - begun), 0) });
    const isAnswered = await findAndAskByWheel({ ...left(), turns: [by] }, context);
    // Something to scroll may still come.
    if (!isAnswered) await findSomethingToScroll({ ...goal, ...left() }, context);
  },
};

async function findSomethingToScroll(request: PageRequest, context: CommandContext): Promise<void> {
  try {
    await find(request, context);
  } catch (error) {
    if (!(error instanceof NotSatisfied)) throw error;
    throw new NotSatisfied(`${error.message}, and the page did nothing when the wheel was turned over it`);
  }
}

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
