import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { endOfDrag, findAndDrag } from "../find-and-act.js";
import { find } from "../find.js";
import { describeLocator, pageLocatorOf, targetOf } from "../locator.js";
import { withKeys } from "../modifiers.js";
import type { Point, PointerAction } from "../ports.js";

/** Moves on the way, so that the page sees a movement and not a jump. */
const MOVES = 10;

/** First movement after the press, in CSS pixels: browsers begin a drag only after some. */
const FIRST_MOVE = 5;

export const drag_and_drop: Executor<"drag_and_drop"> = {
  acts: true,
  describe: (command) => `Drag ${describeLocator(command)} ${describeWay(command)}${withKeys(command)}`,
  expectation: ({ to }) =>
    to === undefined ? "an element that can be dragged" : "an element to drag and one to drop it on",
  async execute(command, context) {
    const { page, signal, timeoutMs } = context;
    const to = ({ x, y }: Point): Point => ({ x: x + FIRST_MOVE, y: y + FIRST_MOVE });
    const { modifiers } = command;
    const from = await findAndDrag({ target: targetOf(command), to, modifiers, timeoutMs }, context);
    const drop = await dropPoint(command, from, context);
    await page.pointer([...moves(to(from), drop), ...endOfDrag(command)], signal);
  },
};

/** Finds the place only now, because pages show where something can be dropped once it is being dragged. */
async function dropPoint(
  { to, by_x = 0, by_y = 0, modifiers }: CommandOf<"drag_and_drop">,
  from: Point,
  context: CommandContext,
): Promise<Point> {
  if (to === undefined) return { x: from.x + by_x, y: from.y + by_y };
  try {
    const { timeoutMs } = context;
    const target = { locator: pageLocatorOf(to) };
    const { point } = await find({ until: "pointable", disabledToo: true, target, timeoutMs }, context);
    if (point === undefined) throw new Error("the page named no point to drop at");
    return point;
  } catch (error) {
    // Later commands must not go on dragging; this one fails for the first reason, whatever becomes of the release.
    await context.page.pointer(endOfDrag({ modifiers }), context.signal).catch(() => undefined);
    throw error;
  }
}

function moves(from: Point, to: Point): PointerAction[] {
  const way = Array.from({ length: MOVES }, (_, index): PointerAction => {
    const part = (index + 1) / MOVES;
    return {
      type: "move",
      to: { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part },
    };
  });
  // HTML drag and drop asks an element whether it takes the drop at a move over it, after the one that entered it.
  return [...way, { type: "move", to }];
}

function describeWay({ to, by_x = 0, by_y = 0 }: CommandOf<"drag_and_drop">): string {
  return to === undefined ? `by ${by_x}, ${by_y} px` : `to ${describeLocator(to)}`;
}
