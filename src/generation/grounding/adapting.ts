import type { Command, Locator, Script, Target } from "../../protocol/commands.js";
import type { SeenNode } from "../../runner/ports.js";
import type { SnapshotIndex } from "./snapshot-index.js";

/** The commands that do what a sentence says with an element that is not of the kind that its verb is for. */
export function adapted(
  command: Command,
  { node, target, index }: { node: SeenNode; target: Target; index: SnapshotIndex },
): Script {
  if (command.action === "input" && node.options !== undefined) {
    return [{ action: "select", ...target, label: command.text }];
  }
  if (command.action === "select" && typeof command.label === "string" && node.options === undefined) {
    return choose(command.label, { node, target, index });
  }
  if (command.action === "check" && node.states.includes("pressed")) return [];
  return [command];
}

/** A list that a page draws itself opens at a click, and its options are there only then. */
function choose(
  label: string,
  { node, target, index }: { node: SeenNode; target: Target; index: SnapshotIndex },
): Script {
  const others = node.kind === "container" ? index.inside(node) : index.nodes;
  const shown = others.find(
    ({ kind, role, name }) => kind === "control" && /^(?:option|radio)$/.test(role) && name === label,
  );
  const own: Locator | undefined = shown?.locators[0];
  if (own !== undefined && !node.states.includes("collapsed")) return [{ action: "click", ...own }];
  const option: Command = {
    action: "click",
    ...{ locator_type: "role", locator_value: "option", locator_name: label },
    alternatives: [{ locator_type: "text", locator_value: label }],
  };
  return [{ action: "click", ...target }, option];
}
