import { z } from "zod";
import { appearance } from "./commands/appearance.js";
import { debug } from "./commands/debug.js";
import { dialog } from "./commands/dialog.js";
import { emulation } from "./commands/emulation.js";
import { form } from "./commands/form.js";
import { network } from "./commands/network.js";
import { page } from "./commands/page.js";
import { pointer } from "./commands/pointer.js";
import { storage } from "./commands/storage.js";
import { store } from "./commands/store.js";
import { verify } from "./commands/verify.js";
import { wait } from "./commands/wait.js";

export { isHttpUrl, isPath, type Match } from "./commands/fields.js";
export { Locator, type Target } from "./commands/locator.js";
export { LOCATOR_TYPES, LOCATORS, LOCATORS_BY_WORTH, type LocatorType } from "./commands/locator-types.js";
export type { ModifierKey, MouseButton } from "./commands/pointer.js";
export type { ElementState } from "./commands/wait.js";

/** Every command there is, by its kind and action. There is none that runs code, and none may be added. */
export const COMMAND_GROUPS = underTheirActions({
  page,
  pointer,
  form,
  dialog,
  wait,
  verify,
  store,
  storage,
  appearance,
  emulation,
  network,
  debug,
});

/** Every command by its action. The union, the docs and the runner's executors all come from it. */
export const COMMANDS = {
  ...COMMAND_GROUPS.page,
  ...COMMAND_GROUPS.pointer,
  ...COMMAND_GROUPS.form,
  ...COMMAND_GROUPS.dialog,
  ...COMMAND_GROUPS.wait,
  ...COMMAND_GROUPS.verify,
  ...COMMAND_GROUPS.store,
  ...COMMAND_GROUPS.storage,
  ...COMMAND_GROUPS.appearance,
  ...COMMAND_GROUPS.emulation,
  ...COMMAND_GROUPS.network,
  ...COMMAND_GROUPS.debug,
} as const;

export type Action = keyof typeof COMMANDS;
export const ACTIONS = Object.keys(COMMANDS) as [Action, ...Action[]];

export type CommandOf<A extends Action> = z.infer<(typeof COMMANDS)[A]["schema"]>;
export type Command = { [A in Action]: CommandOf<A> }[Action];
type Schemas = [typeof COMMANDS.navigate.schema, typeof COMMANDS.back.schema];
// The schemas of the map are the members of the union; `Object.values` only forgets that there is a first.
const schemas = Object.values(COMMANDS).map(({ schema }) => schema) as unknown as Schemas;
export const Command = z.discriminatedUnion("action", schemas) as unknown as z.ZodType<Command, Command>;

/** The JSON array a step's `selenium_script_json` holds. */
export const Script = z.array(Command).min(1);
export type Script = z.infer<typeof Script>;

/** A command under another name than its action does not compile. */
function underTheirActions<G extends { [K in keyof G]: { [A in keyof G[K]]: { action: A } } }>(groups: G): G {
  return groups;
}
