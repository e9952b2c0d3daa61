import type { Executor } from "../executor.js";
import { findAndPress } from "../find-and-act.js";
import { describeLocator, targetOf } from "../locator.js";
import type { MouseButton } from "../../protocol/commands.js";
import { withKeys } from "../modifiers.js";

export const click = pressing<"click">({ verb: "Click", button: "left", clicks: 1 });
export const double_click = pressing<"double_click">({ verb: "Double-click", button: "left", clicks: 2 });
export const right_click = pressing<"right_click">({ verb: "Right-click", button: "right", clicks: 1 });

function pressing<A extends "click" | "double_click" | "right_click">(options: {
  verb: string;
  button: MouseButton;
  clicks: number;
}): Executor<A> {
  const { verb, button, clicks } = options;
  return {
    acts: true,
    describe: (command) => `${verb} ${describeLocator(command)}${withKeys(command)}`,
    expectation: () => "an element that can be clicked",
    async execute(command, context) {
      const { timeoutMs } = context;
      const { offset_x: x, offset_y: y, modifiers } = command;
      const target = targetOf(command);
      await findAndPress({ target, offset: { x, y }, modifiers, button, clicks, timeoutMs }, context);
    },
  };
}
