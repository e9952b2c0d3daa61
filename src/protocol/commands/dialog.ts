import { z } from "zod";
import { command } from "./command.js";
import { matching, NonEmptyText, Text, waiting } from "./fields.js";

export const dialog = {
  handle_dialog: command({
    action: "handle_dialog",
    description:
      "Answers an alert, a confirm, a prompt, or the question whether to leave the page. One that no command answers fails the next that needs the page.",
    fields: {
      response: z.enum(["accept", "dismiss"]).describe("Which of its buttons is pressed."),
      prompt_text: Text.optional().describe("What is typed into a prompt before it is accepted."),
      expected_message: NonEmptyText.optional().describe("The dialog's message; fails when it is another."),
      ...matching("contains"),
      when: z
        .enum(["open", "next"])
        .optional()
        .describe(
          "`open` (default) waits for a dialog and answers it; `next` goes on at once and answers the next dialog as it opens, which it has to before the step ends.",
        ),
      ...waiting,
    },
    example: { response: "accept", expected_message: "Delete this order?" },
    offered: true,
  }),
};
