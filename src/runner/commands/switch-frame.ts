import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { findElement } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { targetIn } from "../optional-target.js";
import type { PageTarget } from "../page/requests.js";

export const switch_frame: Executor<"switch_frame"> = {
  describe: (command) => `Go on in ${describeFrame(command)}`,
  expectation: (command) => describeFrame(command),
  async execute(command, context) {
    const { page, signal, timeoutMs } = context;
    if (command.top) return page.leaveFrame("top", signal);
    if (command.parent) return page.leaveFrame("parent", signal);
    const frame = await findElement(frameTarget(command), timeoutMs, context);
    await page.enterFrame(frame, signal);
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
