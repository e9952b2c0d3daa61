import { z } from "zod";
import { command } from "./command.js";
import { matching, NonEmptyText, Text, waiting } from "./fields.js";

export const dialog = {
  handle_dialog: command({
    action: "handle_dialog",
    description:
      "Answers an alert, confirm or prompt dialog. One that nobody answers is dismissed by the next command.",
    fields: {
      response: z.enum(["accept", "dismiss"]).describe("Which of its buttons is pressed."),
      prompt_text: Text.optional().describe("What is typed into a prompt before it is accepted."),
      expected_message: NonEmptyText.optional().describe("The dialog's message; fails when it is another."),
      ...matching("contains"),
      when: z
        .enum(["open", "next"])
        .optional()
        .describe(
          "`open` (default) waits for a dialog and answers it; `next` goes on at once and answers the next dialog as it opens.",
        ),
      ...waiting,
    },
    example: { response: "accept", expected_message: "Delete this order?" },
    offered: true,
  }),
};
