import type { CommandOf } from "../../protocol/commands.js";
import { describeDialog, describeExpected, expectDialog } from "../dialogs.js";
import type { CommandContext, Executor } from "../executor.js";
import { NotSatisfied } from "../find.js";
import { expectationOf, type TextExpectation } from "../matching.js";
import { waitForEvent } from "../polling.js";
import type { DialogAnswer } from "../ports.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

export const handle_dialog: Executor<"handle_dialog"> = {
  acts: false,
  describe: ({ response, when }) =>
    `${response === "accept" ? "Accept" : "Dismiss"} ${when === "next" ? "the next" : "the open"} dialog`,
  expectation: (command) => describeExpected(messageOf(command)),
  leavesDialogs: true,
  async execute(command, context) {
    const answer = { accept: command.response === "accept", promptText: command.prompt_text };
    const expectation = messageOf(command);
    // An invalid pattern is told before anything is answered.
    const comparison = expectation && wholeComparison(expectation, context.variables);
    if (command.when === "next") {
      context.page.armDialog(answer);
      expectDialog(expectation, context);
      return;
    }
    const dialog = await answerOpenDialog(answer, context);
    if (comparison?.isAsExpected(dialog.message) === false)
      throw new NotSatisfied(`there was the ${describeDialog(dialog)}`);
  },
};

function messageOf(command: CommandOf<"handle_dialog">): TextExpectation | undefined {
  const { expected_message } = command;
  return expected_message === undefined ? undefined : expectationOf(command, "contains", expected_message);
}

/** Answers the dialog also when its message is not the one that is expected, since it blocks the page. */
async function answerOpenDialog(answer: DialogAnswer, context: CommandContext) {
  const { page, signal } = context;
  await waitForEvent(
    () => (page.openDialog === undefined ? "no dialog opened" : undefined),
    (until) => page.dialogOpened(until),
    context,
  );
  const dialog = page.openDialog;
  if (dialog === undefined) throw new Error("the dialog was closed by the page");
  await page.answerDialog(answer, signal);
  return dialog;
}
