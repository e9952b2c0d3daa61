import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { findAndEnter } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { targetIn } from "../optional-target.js";
import type { PageTarget } from "../page/requests.js";

export const switch_frame: Executor<"switch_frame"> = {
  acts: false,
  describe: (command) => `Go on in ${describeFrame(command)}`,
  expectation: (command) => describeFrame(command),
  async execute(command, context) {
    const { page, signal, timeoutMs, memory } = context;
    if (command.top || command.parent) {
      memory.frames = command.top ? undefined : { path: (memory.frames?.path ?? []).slice(0, -1) };
      return page.leaveFrame(command.top ? "top" : "parent", signal);
    }
    const target = frameTarget(command);
    await findAndEnter(target, timeoutMs, context);
    memory.frames = { path: [...(memory.frames?.path ?? []), target] };
  },
};

function frameTarget(command: CommandOf<"switch_frame">): PageTarget {
  const target = targetIn(command);
  if (target) return targetOf(target);
  return { locator: { type: "css", value: "iframe, frame", nth: command.index } };
}

function describeFrame(command: CommandOf<"switch_frame">): string {
  const target = targetIn(command);
  if (target) return `the frame ${describeLocator(target)}`;
  if (command.index !== undefined) return `the frame with index ${command.index}`;
  return command.top ? "the window's own document" : "the frame around this one";
}
