import { z } from "zod";
import { waiting } from "./fields.js";
import { hasWholeLocatorOrNone, Locator, optionalTarget, target, WHOLE_LOCATOR } from "./locator.js";

const Pixels = z.number().min(-100_000).max(100_000);

/** Where in the element; its middle unless given. */
const offset = {
  offset_x: Pixels.optional().describe("CSS pixels from the element's left edge; its middle unless given."),
  offset_y: Pixels.optional().describe("CSS pixels from the element's top edge; its middle unless given."),
};

export const MouseButton = z.enum(["left", "middle", "right"]);
export type MouseButton = z.infer<typeof MouseButton>;

const button = { button: MouseButton.optional().describe("`left` unless given.") };

export const Click = z
  .strictObject({ action: z.literal("click"), ...target, ...offset, ...waiting })
  .describe("Clicks an element once it is visible, stable, enabled and not covered.");

export const DoubleClick = z
  .strictObject({ action: z.literal("double_click"), ...target, ...offset, ...waiting })
  .describe("Clicks an element twice, as a double click.");

export const RightClick = z
  .strictObject({ action: z.literal("right_click"), ...target, ...offset, ...waiting })
  .describe("Clicks an element with the right button, as for its context menu.");

export const Hover = z
  .strictObject({ action: z.literal("hover"), ...target, ...offset, ...waiting })
  .describe("Moves the pointer over an element, enabled or not.");

export const DragAndDrop = z
  .strictObject({
    action: z.literal("drag_and_drop"),
    ...target,
    to: Locator.optional().describe("The element to drop on."),
    by_x: Pixels.optional().describe("Without `to`: CSS pixels to the right."),
    by_y: Pixels.optional().describe("Without `to`: CSS pixels down."),
    ...waiting,
  })
  .refine(({ to, by_x, by_y }) => (to === undefined) === ((by_x ?? by_y) !== undefined), {
    error: "needs either 'to' or a distance ('by_x', 'by_y')",
  })
  .describe("Presses on an element, moves the pointer and lets go; works with HTML drag and drop too.");

export const MouseDown = z
  .strictObject({ action: z.literal("mouse_down"), ...button, ...waiting })
  .describe("Presses a mouse button where the pointer is.");

export const MouseMove = z
  .strictObject({
    action: z.literal("mouse_move"),
    ...optionalTarget,
    ...offset,
    x: Pixels.optional().describe("Without a locator: CSS pixels from the left of the viewport."),
    y: Pixels.optional().describe("Without a locator: CSS pixels from the top of the viewport."),
    ...waiting,
  })
  .refine(hasWholeLocatorOrNone, { error: WHOLE_LOCATOR })
  .refine(
    ({ locator_type, x, y }) =>
      locator_type === undefined ? x !== undefined && y !== undefined : x === undefined && y === undefined,
    { error: "needs either a locator or both 'x' and 'y'" },
  )
  .describe("Moves the pointer to an element or a point.");

export const MouseUp = z
  .strictObject({ action: z.literal("mouse_up"), ...button, ...waiting })
  .describe("Lets go of a mouse button where the pointer is.");
