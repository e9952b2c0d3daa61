import { lastActFor, problemsSince } from "../evidence.js";
import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { expectationOf, quote } from "../matching.js";
import type { ConsoleMessage } from "../ports.js";
import { waitForQuiet } from "../quiet.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

/** Most messages that are quoted. */
const MOST_QUOTED = 10;

export const verify_console: Executor<"verify_console"> = {
  acts: false,
  describe: (command) => `Verify that there is ${nothing(command)}`,
  expectation: nothing,
  atOnce: true,
  leavesDialogs: true,
  async execute(command, context) {
    const { page, memory, signal, variables } = context;
    const { level = "error", ignore = [], match } = command;
    const lastAct = lastActFor(command, memory);
    const ignored = ignore.map((text) =>
      wholeComparison(expectationOf({ match }, "contains", text), variables),
    );
    const counts = ({ level: its, text, source = "" }: ConsoleMessage) =>
      (its === "error" || its === level) &&
      !ignored.some((comparison) => comparison.isAsExpected(text) || comparison.isAsExpected(source));
    const ahead = await page.network.refresh(signal);
    await waitForQuiet(
      () => {
        const found = problemsSince(lastAct, page.records.problems, ahead).filter(counts);
        return { wrong: found.length === 0 ? undefined : listOf(found), isFinal: found.length > 0 };
      },
      (until) => page.network.changed(until),
      context,
    );
  },
};

function nothing({ level = "error", ignore = [] }: CommandOf<"verify_console">): string {
  const kinds = level === "error" ? "no error" : "no warning or error";
  return `${kinds} in the console${ignore.length === 0 ? "" : " but those to be ignored"}`;
}

function listOf(found: readonly ConsoleMessage[]): string {
  const quoted = found.slice(0, MOST_QUOTED).map(({ level, text, source }) => {
    const kind = level === "error" ? "" : `${level}: `;
    return `${kind}${quote(text)}${source === undefined ? "" : ` (${source})`}`;
  });
  const more = found.length - quoted.length;
  return `there ${found.length === 1 ? "was" : `were ${found.length}:`} ${quoted.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
