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
};
