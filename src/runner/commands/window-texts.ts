import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { expectationOf, seenText, verbOf, type TextExpectation } from "../matching.js";
import { poll } from "../polling.js";
import type { Page } from "../ports.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

/** Actions that compare something of the window, whichever frame is the current one. */
type WindowCheck = "verify_title" | "verify_url" | "wait_for_url";

/** The text that such a command reads, and its expectation. */
interface Check {
  noun: "title" | "address";
  read: (page: Page, signal: AbortSignal) => Promise<string>;
  expectation: TextExpectation;
}

export const verify_title = windowCheck<"verify_title">("Verify that", (command) => ({
  noun: "title",
  read: (page, signal) => page.title(signal),
  expectation: expectationOf(command, "contains", command.expected_title),
}));
export const verify_url = windowCheck<"verify_url">("Verify that", addressCheck);
export const wait_for_url = windowCheck<"wait_for_url">("Wait until", addressCheck);

function addressCheck(command: CommandOf<"verify_url"> | CommandOf<"wait_for_url">): Check {
  return {
    noun: "address",
    read: (page, signal) => page.url(signal),
    expectation: expectationOf(command, "contains", command.expected_url),
  };
}

function windowCheck<A extends WindowCheck>(
  verb: string,
  checkOf: (command: CommandOf<A>) => Check,
): Executor<A> {
  return {
    acts: false,
    describe(command) {
      const { noun, expectation } = checkOf(command);
      return `${verb} the ${noun} ${verbOf(expectation)}`;
    },
    expectation(command) {
      const { noun, expectation } = checkOf(command);
      return `a window whose ${noun} ${verbOf(expectation)}`;
    },
    async execute(command, context) {
      const { noun, read, expectation } = checkOf(command);
      const comparison = wholeComparison(expectation, context.variables);
      await poll(async (until) => {
        const seen = await read(context.page, until);
        if (comparison.isAsExpected(seen)) return undefined;
        return `its ${noun} ${seenText(seen, expectation.match)}${comparison.note(seen)}`;
      }, context);
    },
  };
}
