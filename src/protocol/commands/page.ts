import { z } from "zod";
import { anyCommand, HttpUrl, Match, NonEmptyText, waiting } from "./fields.js";
import { hasWholeLocatorOrNone, optionalTarget, WHOLE_LOCATOR } from "./locator.js";

/** Largest window a test may ask for, in CSS pixels. */
const MAX_WINDOW = 10_000;

const Side = z.int().min(100).max(MAX_WINDOW);
const Distance = z.number().min(-1_000_000).max(1_000_000);

/** Exactly one of the fields is there. */
const oneOf =
  <F extends string>(...fields: F[]) =>
  (command: Partial<Record<F, unknown>>) =>
    fields.filter((field) => command[field] !== undefined).length === 1;

export const Navigate = z
  .strictObject({ action: z.literal("navigate"), url: HttpUrl, ...waiting })
  .describe("Opens a URL and waits until its document is interactive.");

export const Back = z
  .strictObject({ action: z.literal("back"), ...waiting })
  .describe("Goes back one page in the history. Fails when there is none.");

export const Forward = z
  .strictObject({ action: z.literal("forward"), ...waiting })
  .describe("Goes forward one page in the history. Fails when there is none.");

export const Refresh = z
  .strictObject({ action: z.literal("refresh"), ...waiting })
  .describe("Loads the page again.");

export const SetWindowSize = z
  .strictObject({
    action: z.literal("set_window_size"),
    width: Side.describe("Width of the viewport, in CSS pixels."),
    height: Side.describe("Height of the viewport, in CSS pixels."),
    ...waiting,
  })
  .describe("Gives the viewport another size; 1280 × 720 is what a run begins with.");

export const NewWindow = z
  .strictObject({
    action: z.literal("new_window"),
    url: HttpUrl.optional().describe("Opened in it; an empty page unless given."),
    ...waiting,
  })
  .describe("Opens a further window of the same browser session and switches to it.");

export const SwitchWindow = z
  .strictObject({
    action: z.literal("switch_window"),
    title: NonEmptyText.optional().describe("Its title; compared as `match` says."),
    url: NonEmptyText.optional().describe("Its address; compared as `match` says."),
    name: NonEmptyText.optional().describe("Its `window.name`, as in a link's `target`."),
    index: z.int().min(0).max(1000).optional().describe("Its place in the order of opening, from 0."),
    last: z.literal(true).optional().describe("The one opened last."),
    match: Match.optional().describe("How `title` or `url` is compared; `contains` unless given."),
    ...waiting,
  })
  .refine(oneOf("title", "url", "name", "index", "last"), {
    error: "needs exactly one of 'title', 'url', 'name', 'index' and 'last'",
  })
  .describe("Waits for another window and goes on in it.");

export const CloseWindow = z
  .strictObject({ action: z.literal("close_window"), ...waiting })
  .describe("Closes the current window and goes on in the one that was opened before it.");

export const SwitchFrame = z
  .strictObject({
    action: z.literal("switch_frame"),
    ...optionalTarget,
    index: z.int().min(0).max(1000).optional().describe("The frame's place in the document, from 0."),
    parent: z.literal(true).optional().describe("The frame around the current one."),
    top: z.literal(true).optional().describe("The window's own document."),
    ...waiting,
  })
  .refine(hasWholeLocatorOrNone, { error: WHOLE_LOCATOR })
  .refine(oneOf("locator_type", "index", "parent", "top"), {
    error: "needs exactly one of a locator, 'index', 'parent' and 'top'",
  })
  .describe("Goes on in a frame, until another `switch_frame` or a new page leads out of it.");

export const Scroll = z
  .strictObject({
    action: z.literal("scroll"),
    ...optionalTarget,
    by_x: Distance.optional().describe("CSS pixels to the right."),
    by_y: Distance.optional().describe("CSS pixels down."),
    to: z.enum(["top", "bottom"]).optional().describe("The beginning or the end of what is scrolled."),
    ...waiting,
  })
  .refine(hasWholeLocatorOrNone, { error: WHOLE_LOCATOR })
  .refine(
    ({ locator_type, by_x, by_y, to }) =>
      to === undefined ? (locator_type ?? by_x ?? by_y) !== undefined : (by_x ?? by_y) === undefined,
    { error: "needs a locator, a distance ('by_x', 'by_y') or 'to', and not both of the last two" },
  )
  .describe(
    "Scrolls to an element; with a distance or `to`, scrolls inside that element, or the page when there is no locator.",
  );

export const Screenshot = z
  .strictObject({
    action: z.literal("screenshot"),
    name: NonEmptyText.max(100).optional().describe("What people call the picture."),
    ...anyCommand,
  })
  .describe("Keeps a picture of the page among the run's artifacts, whatever `SCREENSHOTS` says.");
