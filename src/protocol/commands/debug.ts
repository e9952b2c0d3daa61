import { z } from "zod";
import { command } from "./command.js";
import { anyCommand, NonEmptyText, Text } from "./fields.js";

export const debug = {
  log: command({
    action: "log",
    description: "Writes a message into the run's events; variables are filled in.",
    fields: { message: NonEmptyText, ...anyCommand },
    example: { message: "Order ${order} is placed" },
    offered: false,
  }),

  pause: command({
    action: "pause",
    description: "Pauses the run until someone sends `resume` or `step`, or until its deadline.",
    fields: { message: Text.optional(), ...anyCommand },
    example: { message: "Look at the page, then resume." },
    offered: false,
  }),

  not_understood: command({
    action: "not_understood",
    description:
      "Stands where a sentence stood that no command says. It never passes: the step ends as `error` with the reason.",
    fields: {
      text: NonEmptyText.describe("The sentence, or the part of one, in the author's words."),
      reason: NonEmptyText.describe("Why it was not understood, and what would help."),
      readings: z
        .array(NonEmptyText)
        .min(2)
        .max(10)
        .optional()
        .describe("The ways in which it can be understood, where there are several."),
      ...anyCommand,
    },
    example: {
      text: "Click Save or Cancel",
      reason: "it can be read in two ways",
      readings: ["Click Save", "Click Cancel"],
    },
    offered: false,
  }),
};
