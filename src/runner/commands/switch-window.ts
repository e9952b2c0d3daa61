import type { CommandOf } from "../../protocol/commands.js";
import { lastActFor, nothingSince } from "../evidence.js";
import type { CommandContext, Executor } from "../executor.js";
import { expectationOf, quote, verbOf } from "../matching.js";
import { poll } from "../polling.js";
import type { PageWindow } from "../ports.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

type SwitchWindow = CommandOf<"switch_window">;

/** Most windows that a message lists. */
const MOST_LISTED = 10;

export const switch_window: Executor<"switch_window"> = {
  acts: false,
  leavesFrames: true,
  describe: (command) => `Go on in ${describeWindow(command)}`,
  expectation: describeWindow,
  async execute(command, context) {
    const { page, memory } = context;
    const wantedOf = windowFinder(command, context);
    await poll(async (until) => {
      const windows = await page.windows(until);
      const current = page.windowId;
      const wanted = wantedOf(windows);
      const another = wanted.find(({ id }) => id !== current);
      // The last window may be one that is about to open; every other way names the window that is meant.
      const found = command.last ? another : (another ?? wanted[0]);
      if (found === undefined && command.last) {
        const older = windows.findLast(({ id }) => id !== current);
        const lastAct = lastActFor(command, memory);
        return nothingSince("no other window has opened", lastAct, older && describe(older));
      }
      if (found === undefined) return listOf(windows);
      await page.switchWindow(found.id, until);
      if (command.last) (memory.takenWindows ??= new Set()).add(found.id);
      return undefined;
    }, context);
  },
};

function describeWindow({ index, last, name, title, url, match }: SwitchWindow): string {
  if (index !== undefined) return `the window with index ${index}`;
  if (last) return "the window that was opened last";
  if (name !== undefined) return `the window named ${quote(name)}`;
  const verb = verbOf(expectationOf({ match }, "contains", title ?? url ?? ""));
  return `a window whose ${title === undefined ? "address" : "title"} ${verb}`;
}

/** @returns which of the windows the command means */
function windowFinder(
  command: SwitchWindow,
  { memory, variables }: Pick<CommandContext, "memory" | "variables">,
): (windows: readonly PageWindow[]) => PageWindow[] {
  const { index, last, name, title, url } = command;
  if (index !== undefined) return (windows) => windows.slice(index, index + 1);
  if (last) {
    const lastAct = lastActFor(command, memory);
    if (command.since === "run" || lastAct === undefined) return (windows) => windows.slice(-1);
    const isNew = ({ id }: PageWindow) => !lastAct.windows.has(id) && !memory.takenWindows?.has(id);
    return (windows) => windows.filter(isNew).reverse();
  }
  if (name !== undefined) return (windows) => windows.filter((window) => window.name === name);
  const expectation = expectationOf(command, "contains", title ?? url ?? "");
  const { isAsExpected: compare } = wholeComparison(expectation, variables);
  return (windows) => windows.filter((window) => compare(title === undefined ? window.url : window.title));
}

function listOf(windows: readonly PageWindow[]): string {
  const listed = windows.slice(0, MOST_LISTED).map(describe);
  const more = windows.length > MOST_LISTED ? ", …" : "";
  const are = windows.length === 1 ? "the only window is" : `there are ${windows.length} windows:`;
  return `${are} ${listed.join(", ")}${more}`;
}

function describe({ title, url }: PageWindow): string {
  return `${quote(title)} at ${url}`;
}
