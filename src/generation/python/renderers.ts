import type { Action, COMMAND_GROUPS, CommandOf } from "../../protocol/commands.js";

type Groups = typeof COMMAND_GROUPS;

/** A function for each command of a group, which writes it as lines of Python; a missing one does not compile. */
export type Renderers<G extends keyof Groups> = {
  [A in keyof Groups[G] & Action]: (command: CommandOf<A>) => string[];
};
