import type { Action, Command } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { click } from "./click.js";
import { input } from "./input.js";
import { navigate } from "./navigate.js";
import { select } from "./select.js";
import { verifyElementPresent } from "./verify-element-present.js";
import { verifyText } from "./verify-text.js";
import { wait } from "./wait.js";

/** One executor for each command of the protocol; a missing one does not compile. */
const EXECUTORS: { [A in Action]: Executor<A> } = {
  navigate,
  click,
  input,
  select,
  wait,
  verify_element_present: verifyElementPresent,
  verify_text: verifyText,
};

export function executorOf(command: Command): Executor<Action> {
  // The map pairs each action with the executor of its own command; TypeScript cannot follow that through an index.
  return EXECUTORS[command.action];
}
