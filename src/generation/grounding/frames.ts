import type { Script } from "../../protocol/commands.js";
import type { PageSnapshot, SeenNode } from "../../runner/ports.js";
import { targetOf } from "./locators.js";

/** The commands with those around them that lead into the frame of an element, and out again. */
export function inFrame(commands: Script, { frame }: SeenNode, { frames }: PageSnapshot): Script {
  if (frame === undefined) return commands;
  const entering: Script = [];
  for (
    let at = frames[frame];
    at !== undefined;
    at = at.parent === undefined ? undefined : frames[at.parent]
  ) {
    const target = targetOf(at.locators);
    if (target !== undefined) entering.unshift({ action: "switch_frame", ...target });
  }
  return [...entering, ...commands, { action: "switch_frame", top: true }];
}
