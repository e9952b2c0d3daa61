import type { CommandContext } from "./executor.js";
import { find } from "./find.js";
import type { PageTarget } from "./page/requests.js";
import type { Point } from "./ports.js";

/**
 * Where the pointer has to go to be over an element, once that can be seen, is at rest and nothing covers it.
 *
 * @param offset from its top left corner, in CSS pixels; its middle where a side is missing
 * @throws NotSatisfied
 */
export async function findPoint(
  target: PageTarget,
  offset: { x?: number | undefined; y?: number | undefined } | undefined,
  context: CommandContext,
): Promise<Point> {
  const { timeoutMs } = context;
  const goal = { until: "pointable", disabledToo: true, ...(offset && { offset }) } as const;
  const { point } = await find({ ...goal, target, timeoutMs }, context);
  if (point === undefined) throw new Error("the page named no point to go to");
  return point;
}
