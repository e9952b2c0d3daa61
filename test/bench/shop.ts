import { shopScenario } from "../site/shop-scenario.js";

/** One of the 24 commands, written by hand for one tool. */
export type ShopAction = () => Promise<unknown>;

/** Longest wait of one command, in milliseconds: the server's default, for every tool. */
export const COMMAND_TIMEOUT_MS = 10_000;

/** Number of commands in the scenario. */
const SHOP_COMMANDS = shopScenario("http://shop.test").length;

/**
 * Does what the shop scenario does with another tool, command by command.
 *
 * @param after called after each command
 * @throws Error when there are more or fewer commands than in the scenario, or one does not pass
 */
export async function carryOut(
  actions: readonly ShopAction[],
  after: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  if (actions.length !== SHOP_COMMANDS)
    throw new Error(`it has ${actions.length} commands and the shop scenario ${SHOP_COMMANDS}`);
  for (const action of actions) {
    await action();
    await after();
  }
}

/**
 * A function's source that empties what a run could have left in its tab. Every tool that uses one session
 * again calls it after each run, outside of its time.
 */
export const FORGET = `() => {
  localStorage.clear();
  sessionStorage.clear();
  for (const cookie of document.cookie.split("; ")) document.cookie = cookie.split("=")[0] + "=; max-age=0";
  return "";
}`;
