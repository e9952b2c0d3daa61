import { z } from "zod";
import { command } from "./command.js";
import { waiting } from "./fields.js";
import { Locator, optionalTarget, target } from "./locator.js";

const Pixels = z.number().min(-100_000).max(100_000);

/** A place in the element; its middle unless given. */
const offset = {
  offset_x: Pixels.optional().describe("CSS pixels from the element's left edge; its middle unless given."),
  offset_y: Pixels.optional().describe("CSS pixels from the element's top edge; its middle unless given."),
};

export const MouseButton = z.enum(["left", "middle", "right"]);
export type MouseButton = z.infer<typeof MouseButton>;

export const ModifierKey = z.enum(["Alt", "Control", "ControlOrMeta", "Meta", "Shift"]);
/** A key that is held while the pointer acts; `ControlOrMeta` is the Command key on macOS and Control elsewhere. */
export type ModifierKey = z.infer<typeof ModifierKey>;

/** Keys that are held while the pointer acts. */
export const modifiers = {
  modifiers: z
    .array(ModifierKey)
    .min(1)
    .max(4)
    .optional()
    .describe(
      "Keys that are held meanwhile, such as `Control` to choose a further row or `Shift` to choose a range.",
    ),
};

const button = { button: MouseButton.optional().describe("`left` unless given.") };

export const pointer = {
  click: command({
    action: "click",
    description: "Clicks an element once it is visible, stable, enabled and not covered.",
    fields: { ...target, ...offset, ...modifiers, ...waiting },
    example: { locator_type: "role", locator_value: "button", locator_name: "Add to cart" },
    offered: true,
  }),

  double_click: command({
    action: "double_click",
    description: "Clicks an element twice, as a double click.",
    fields: { ...target, ...offset, ...modifiers, ...waiting },
    example: { locator_type: "text", locator_value: "Untitled document" },
    offered: true,
  }),

  right_click: command({
    action: "right_click",
    description: "Clicks an element with the right button, as for its context menu.",
    fields: { ...target, ...offset, ...modifiers, ...waiting },
    example: { locator_type: "text", locator_value: "photo.png" },
    offered: true,
  }),

  hover: command({
    action: "hover",
    description: "Moves the pointer over an element, enabled or not.",
    fields: { ...target, ...offset, ...modifiers, ...waiting },
    example: { locator_type: "role", locator_value: "link", locator_name: "Products" },
    offered: true,
  }),

  drag_and_drop: command({
    action: "drag_and_drop",
    description: "Presses on an element, moves the pointer and lets go; works with HTML drag and drop too.",
    fields: {
      ...target,
      to: Locator.optional().describe("The element to drop on."),
      by_x: Pixels.optional().describe("Without `to`: CSS pixels to the right."),
      by_y: Pixels.optional().describe("Without `to`: CSS pixels down."),
      ...modifiers,
      ...waiting,
    },
    rules: [
      {
        holds: ({ to, by_x, by_y }) => (to === undefined) === ((by_x ?? by_y) !== undefined),
        words: "needs either 'to' or a distance ('by_x', 'by_y')",
      },
    ],
    example: {
      locator_type: "text",
      locator_value: "Write the report",
      to: { locator_type: "test_id", locator_value: "column-done" },
    },
    offered: true,
  }),

  wheel: command({
    action: "wheel",
    description:
      "Turns the mouse wheel over an element, or where the pointer is when there is no locator, as to zoom a map.",
    fields: {
      ...optionalTarget,
      ...offset,
      by_x: Pixels.optional().describe("CSS pixels to the right, as of a wheel that tilts."),
      by_y: Pixels.optional().describe(
        "CSS pixels down, negative for up, which zooms into most maps; 100 is about one notch of a wheel.",
      ),
      times: z
        .int()
        .min(1)
        .max(100)
        .optional()
        .describe("How often the wheel is turned by that; once unless given."),
      ...modifiers,
      ...waiting,
    },
    rules: [
      {
        holds: ({ by_x, by_y }) => (by_x ?? 0) !== 0 || (by_y ?? 0) !== 0,
        words: "needs a distance ('by_x', 'by_y')",
      },
    ],
    example: { locator_type: "id", locator_value: "map", by_y: -100, times: 2 },
    offered: false,
  }),

  mouse_down: command({
    action: "mouse_down",
    description: "Presses a mouse button where the pointer is.",
    fields: { ...button, ...waiting },
    example: { button: "left" },
    offered: false,
  }),

  mouse_move: command({
    action: "mouse_move",
    description: "Moves the pointer to an element or a point.",
    fields: {
      ...optionalTarget,
      ...offset,
      x: Pixels.optional().describe("Without a locator: CSS pixels from the left of the viewport."),
      y: Pixels.optional().describe("Without a locator: CSS pixels from the top of the viewport."),
      ...waiting,
    },
    rules: [
      {
        holds: ({ locator_type, x, y }) =>
          locator_type === undefined
            ? x !== undefined && y !== undefined
            : x === undefined && y === undefined,
        words: "needs either a locator or both 'x' and 'y'",
      },
    ],
    example: { locator_type: "css", locator_value: "canvas", offset_x: 40, offset_y: 25 },
    offered: false,
  }),

  mouse_up: command({
    action: "mouse_up",
    description: "Lets go of a mouse button where the pointer is.",
    fields: { ...button, ...waiting },
    example: { button: "left" },
    offered: false,
  }),
};
