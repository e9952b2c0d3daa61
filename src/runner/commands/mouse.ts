import type { Executor } from "../executor.js";
import { findAndMoveTo, findAndTurn, holding, turnsOf } from "../find-and-act.js";
import { describeLocator, targetOf } from "../locator.js";
import { withKeys } from "../modifiers.js";
import { targetIn } from "../optional-target.js";

export const hover: Executor<"hover"> = {
  acts: true,
  describe: (command) => `Move the pointer over ${describeLocator(command)}${withKeys(command)}`,
  expectation: () => "an element that the pointer can reach",
  async execute(command, context) {
    const { timeoutMs } = context;
    const { modifiers } = command;
    const aim = { target: targetOf(command), offset: offsetOf(command), modifiers, timeoutMs };
    await findAndMoveTo(aim, context);
  },
};

export const wheel: Executor<"wheel"> = {
  acts: true,
  describe(command) {
    const target = targetIn(command);
    const place = target ? ` over ${describeLocator(target)}` : "";
    const { by_x = 0, by_y = 0, times = 1 } = command;
    const often = times === 1 ? "" : `, ${times} times`;
    return `Turn the wheel${place} by ${by_x}, ${by_y} px${often}${withKeys(command)}`;
  },
  expectation: () => "an element that the pointer can reach",
  async execute(command, context) {
    const target = targetIn(command);
    const { by_x = 0, by_y = 0, times = 1, modifiers } = command;
    const { page, signal, timeoutMs } = context;
    const turns = Array.from({ length: times }, () => ({ x: by_x, y: by_y }));
    if (target === undefined) await page.pointer(holding({ modifiers }, turnsOf(turns)), signal);
    else {
      const aim = { target: targetOf(target), offset: offsetOf(command), modifiers, timeoutMs };
      await findAndTurn({ ...aim, turns }, context);
    }
  },
};

export const mouse_move: Executor<"mouse_move"> = {
  acts: true,
  describe(command) {
    const target = targetIn(command);
    const place = target ? describeLocator(target) : `${command.x ?? 0}, ${command.y ?? 0}`;
    return `Move the pointer to ${place}`;
  },
  expectation: () => "a place that the pointer can reach",
  async execute(command, context) {
    const target = targetIn(command);
    const { x = 0, y = 0 } = command;
    const { page, signal, timeoutMs } = context;
    if (target === undefined) await page.pointer([{ type: "move", to: { x, y } }], signal);
    else await findAndMoveTo({ target: targetOf(target), offset: offsetOf(command), timeoutMs }, context);
  },
};

export const mouse_down = mouseButton<"mouse_down">("down", "Press");
export const mouse_up = mouseButton<"mouse_up">("up", "Let go of");

function mouseButton<A extends "mouse_down" | "mouse_up">(type: "down" | "up", verb: string): Executor<A> {
  return {
    acts: true,
    describe: ({ button = "left" }) => `${verb} the ${button} mouse button`,
    expectation: ({ button = "left" }) => `the ${button} mouse button to go ${type}`,
    async execute({ button = "left" }, { page, signal }) {
      await page.pointer([{ type, button }], signal);
    },
  };
}

function offsetOf(command: { offset_x?: number | undefined; offset_y?: number | undefined }) {
  return { x: command.offset_x, y: command.offset_y };
}
