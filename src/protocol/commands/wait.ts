import { z } from "zod";
import { command } from "./command.js";
import { anyCommand, matching, NonEmptyText, Seconds, since, waiting } from "./fields.js";
import { target } from "./locator.js";

export const ElementState = z.enum([
  "present",
  "absent",
  "visible",
  "hidden",
  "enabled",
  "disabled",
  "editable",
]);
export type ElementState = z.infer<typeof ElementState>;

export const wait = {
  wait: command({
    action: "wait",
    description: "Waits a fixed time. Other commands wait by themselves; this is rarely needed.",
    fields: { duration: Seconds.describe("Seconds."), ...anyCommand },
    example: { duration: 1.5 },
    offered: true,
  }),

  wait_for: command({
    action: "wait_for",
    description: "Waits until an element is in a state.",
    fields: {
      ...target,
      state: ElementState.describe("What the element has to be. An element that is not there is `hidden`."),
      ...waiting,
    },
    example: { locator_type: "test_id", locator_value: "spinner", state: "hidden", timeout: 30 },
    offered: true,
  }),

  wait_for_text: command({
    action: "wait_for_text",
    description: "Waits until an element's visible text is as expected.",
    fields: { ...target, expected_text: NonEmptyText, ...matching("contains"), ...waiting },
    example: { locator_type: "role", locator_value: "status", expected_text: "Saved" },
    offered: true,
  }),

  wait_for_url: command({
    action: "wait_for_url",
    description: "Waits until the window's address is as expected.",
    fields: { expected_url: NonEmptyText, ...matching("contains"), ...waiting },
    example: { expected_url: "*/orders/*", match: "glob" },
    offered: true,
  }),

  wait_for_download: command({
    action: "wait_for_download",
    description:
      "Waits until a download is complete that was not when the last command that acts began, each command for one of its own, and keeps it among the artifacts.",
    fields: {
      expected_file_name: NonEmptyText.optional().describe("Any download unless given."),
      ...matching("glob"),
      ...since,
      ...waiting,
    },
    example: { expected_file_name: "invoice-*.pdf" },
    offered: true,
  }),
};
