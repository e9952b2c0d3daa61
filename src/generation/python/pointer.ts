import type { CommandOf, ModifierKey, MouseButton } from "../../protocol/commands.js";
import type { Renderers } from "./renderers.js";
import { find } from "./elements.js";

const BUTTONS: Record<MouseButton, string> = {
  left: "MouseButton.LEFT",
  middle: "MouseButton.MIDDLE",
  right: "MouseButton.RIGHT",
};

const KEYS: Record<ModifierKey, string> = {
  Alt: "Keys.ALT",
  Control: "Keys.CONTROL",
  ControlOrMeta: "Keys.CONTROL",
  Meta: "Keys.META",
  Shift: "Keys.SHIFT",
};

export const pointer: Renderers<"pointer"> = {
  click: (command) =>
    hasOffset(command) || command.modifiers ? pointed(command, ".click()") : [`${find(command)}.click()`],
  double_click: (command) => pointed(command, ".double_click()"),
  right_click: (command) => pointed(command, ".context_click()"),
  hover: (command) => pointed(command),
  drag_and_drop: ({ to, by_x = 0, by_y = 0, modifiers, ...command }) => [
    chain(
      to === undefined
        ? `.drag_and_drop_by_offset(${find(command)}, ${by_x}, ${by_y})`
        : `.drag_and_drop(${find(command)}, ${find(to)})`,
      modifiers,
    ),
  ],
  wheel: ({ locator_type, locator_value, by_x = 0, by_y = 0, times = 1, modifiers, ...command }) => {
    const turns = (origin: string) => `.scroll_from_origin(${origin}, ${by_x}, ${by_y})`.repeat(times);
    if (locator_type === undefined || locator_value === undefined)
      return [chain(`.scroll_by_amount(${by_x}, ${by_y})`.repeat(times), modifiers)];
    return [
      `origin = ScrollOrigin.from_element(${find({ ...command, locator_type, locator_value })})`,
      chain(turns("origin"), modifiers),
    ];
  },
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
  const { modifiers } = command;
  if (!hasOffset(command)) return [chain(`.move_to_element(${find(command)})${then}`, modifiers)];
  // Selenium counts from the middle of the element, a script from its top left corner.
  const fromMiddle = (offset: number | undefined, side: string): string =>
    offset === undefined ? "0" : `${offset} - element.size["${side}"] // 2`;
  const [x, y] = [fromMiddle(command.offset_x, "width"), fromMiddle(command.offset_y, "height")];
  return [
    `element = ${find(command)}`,
    chain(`.move_to_element_with_offset(element, ${x}, ${y})${then}`, modifiers),
  ];
}

/** Actions in order, while keys are held. */
function chain(actions: string, modifiers: readonly ModifierKey[] = []): string {
  const [down, up] = ["down", "up"].map((way) =>
    modifiers.map((key) => `.key_${way}(${KEYS[key]})`).join(""),
  );
  return `ActionChains(driver)${down ?? ""}${actions}${up ?? ""}.perform()`;
}

function mouse(action: string): string[] {
  return ["actions = ActionBuilder(driver)", `actions.pointer_action.${action}`, "actions.perform()"];
}
