import type { CommandOf } from "../../protocol/commands.js";
import { describeDialog } from "../dialogs.js";
import { dialogsSince, lastActFor, nothingSince } from "../evidence.js";
import type { Executor } from "../executor.js";
import { expectationOf, verbOf, type TextExpectation } from "../matching.js";
import { poll } from "../polling.js";
import type { Dialog } from "../ports.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

export const verify_dialog: Executor<"verify_dialog"> = {
  acts: false,
  describe: (command) => `Verify that there was ${expectedOf(command)}`,
  expectation: expectedOf,
  leavesDialogs: true,
  async execute(command, context) {
    const { page, memory } = context;
    const lastAct = lastActFor(command, memory);
    const expectation = messageOf(command);
    const comparison = expectation && wholeComparison(expectation, context.variables);
    await poll(async () => {
      const { dialogs } = page.records;
      const since = dialogsSince(lastAct, dialogs);
      const found = since.findLast(
        (dialog) => isOfKind(dialog, command) && (comparison?.isAsExpected(dialog.message) ?? true),
      );
      if ((found !== undefined) !== (command.not ?? false)) return undefined;
      const seen = found ?? since.at(-1);
      if (seen !== undefined) return `there was the ${describeDialog(seen)}`;
      const older = dialogs.at(-1);
      return nothingSince("no dialog has opened", lastAct, older && `the ${describeDialog(older)}`);
    }, context);
  },
};

function isOfKind(dialog: Dialog, { kind }: CommandOf<"verify_dialog">): boolean {
  return kind === undefined || dialog.kind === kind;
}

function messageOf(command: CommandOf<"verify_dialog">): TextExpectation | undefined {
  const { match, expected_message } = command;
  return expected_message === undefined ? undefined : expectationOf({ match }, "contains", expected_message);
}

function expectedOf(command: CommandOf<"verify_dialog">): string {
  const expectation = messageOf(command);
  const message = expectation === undefined ? "" : ` whose message ${verbOf(expectation)}`;
  return `${command.not ? "no" : "a"} ${command.kind ?? "dialog"}${message}`;
}
