import { z } from "zod";
import { anyCommand, matching, NonEmptyText, Seconds, waiting } from "./fields.js";
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

export const Wait = z
  .strictObject({ action: z.literal("wait"), duration: Seconds.describe("Seconds."), ...anyCommand })
  .describe("Waits a fixed time. Other commands wait by themselves; this is rarely needed.");

export const WaitFor = z
  .strictObject({
    action: z.literal("wait_for"),
    ...target,
    state: ElementState.describe("What the element has to be. An element that is not there is `hidden`."),
    ...waiting,
  })
  .describe("Waits until an element is in a state.");

export const WaitForText = z
  .strictObject({
    action: z.literal("wait_for_text"),
    ...target,
    expected_text: NonEmptyText,
    ...matching("contains"),
    ...waiting,
  })
  .describe("Waits until an element's visible text is as expected.");

export const WaitForUrl = z
  .strictObject({
    action: z.literal("wait_for_url"),
    expected_url: NonEmptyText,
    ...matching("contains"),
    ...waiting,
  })
  .describe("Waits until the window's address is as expected.");

export const WaitForDownload = z
  .strictObject({
    action: z.literal("wait_for_download"),
    expected_file_name: NonEmptyText.optional().describe("Any download unless given."),
    ...matching("glob"),
    ...waiting,
  })
  .describe("Waits until a download that this run started is complete, and keeps it among the artifacts.");
