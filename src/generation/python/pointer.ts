import type { CommandOf, MouseButton } from "../../protocol/commands.js";
import type { Renderers } from "./renderers.js";
import { find } from "./elements.js";

const BUTTONS: Record<MouseButton, string> = {
  left: "MouseButton.LEFT",
  middle: "MouseButton.MIDDLE",
  right: "MouseButton.RIGHT",
};

export const pointer: Renderers<"pointer"> = {
  click: (command) => (hasOffset(command) ? pointed(command, ".click()") : [`${find(command)}.click()`]),
  double_click: (command) => pointed(command, ".double_click()"),
  right_click: (command) => pointed(command, ".context_click()"),
  hover: (command) => pointed(command),
  drag_and_drop: ({ to, by_x = 0, by_y = 0, ...command }) =>
    to === undefined
      ? [`ActionChains(driver).drag_and_drop_by_offset(${find(command)}, ${by_x}, ${by_y}).perform()`]
      : [`ActionChains(driver).drag_and_drop(${find(command)}, ${find(to)}).perform()`],
  mouse_down: ({ button = "left" }) => mouse(`pointer_down(${BUTTONS[button]})`),
  mouse_up: ({ button = "left" }) => mouse(`pointer_up(${BUTTONS[button]})`),
  mouse_move: ({ locator_type, locator_value, x = 0, y = 0, ...command }) =>
    locator_type === undefined || locator_value === undefined
      ? mouse(`move_to_location(${x}, ${y})`)
      : pointed({ ...command, locator_type, locator_value }),
};

type Pointed = Omit<CommandOf<"click">, "action">;

function hasOffset({ offset_x, offset_y }: Pointed): boolean {
  return offset_x !== undefined || offset_y !== undefined;
}

/** Moves to an element, or to a place in it, and then does something there. */
function pointed(command: Pointed, then = ""): string[] {
  if (!hasOffset(command)) {
    return [`ActionChains(driver).move_to_element(${find(command)})${then}.perform()`];
  }
  // Selenium counts from the middle of the element, a script from its top left corner.
  const fromMiddle = (offset: number | undefined, side: string): string =>
    offset === undefined ? "0" : `${offset} - element.size["${side}"] // 2`;
  const [x, y] = [fromMiddle(command.offset_x, "width"), fromMiddle(command.offset_y, "height")];
  return [
    `element = ${find(command)}`,
    `ActionChains(driver).move_to_element_with_offset(element, ${x}, ${y})${then}.perform()`,
  ];
}

function mouse(action: string): string[] {
  return ["actions = ActionBuilder(driver)", `actions.pointer_action.${action}`, "actions.perform()"];
}
