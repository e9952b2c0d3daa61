import { z } from "zod";
import { command } from "./command.js";
import { anyCommand, Match, NonEmptyText, PageUrl, since, waiting } from "./fields.js";
import { optionalTarget } from "./locator.js";
import { exactlyOneOf } from "./rule.js";

/** Largest window a test may ask for, in CSS pixels. */
const MAX_WINDOW = 10_000;

const Side = z.int().min(100).max(MAX_WINDOW);
const Distance = z.number().min(-1_000_000).max(1_000_000);

export const page = {
  navigate: command({
    action: "navigate",
    description: "Opens a URL and waits until its document is interactive.",
    fields: { url: PageUrl, ...waiting },
    example: { url: "https://shop.example/login" },
    offered: true,
  }),

  back: command({
    action: "back",
    description: "Goes back one page in the history. Fails when there is none.",
    fields: waiting,
    example: {},
    offered: true,
  }),

  forward: command({
    action: "forward",
    description: "Goes forward one page in the history. Fails when there is none.",
    fields: waiting,
    example: {},
    offered: true,
  }),

  refresh: command({
    action: "refresh",
    description: "Loads the page again.",
    fields: waiting,
    example: {},
    offered: true,
  }),

  set_window_size: command({
    action: "set_window_size",
    description: "Gives the viewport another size; 1280 × 720 is what a run begins with.",
    fields: {
      width: Side.describe("Width of the viewport, in CSS pixels."),
      height: Side.describe("Height of the viewport, in CSS pixels."),
      ...waiting,
    },
    example: { width: 390, height: 844 },
    offered: true,
  }),

  new_window: command({
    action: "new_window",
    description: "Opens a further window of the same browser session and switches to it.",
    fields: {
      url: PageUrl.optional().describe("Opened in it; an empty page unless given."),
      ...waiting,
    },
    example: { url: "https://shop.example/help" },
    offered: true,
  }),

  switch_window: command({
    action: "switch_window",
    description: "Waits for another window and goes on in it.",
    fields: {
      title: NonEmptyText.optional().describe("Its title; compared as `match` says."),
      url: NonEmptyText.optional().describe("Its address; compared as `match` says."),
      name: NonEmptyText.optional().describe("Its `window.name`, as in a link's `target`."),
      index: z.int().min(0).max(1000).optional().describe("Its place in the order of opening, from 0."),
      last: z
        .literal(true)
        .optional()
        .describe("The one opened last, since the last command that acts unless `since` says otherwise."),
      match: Match.optional().describe("How `title` or `url` is compared; `contains` unless given."),
      ...since,
      ...waiting,
    },
    rules: [
      {
        holds: ({ last, ...command }) => command.since === undefined || last === true,
        words: "can have 'since' only with 'last'",
      },
      {
        holds: exactlyOneOf("title", "url", "name", "index", "last"),
        words: "needs exactly one of 'title', 'url', 'name', 'index' and 'last'",
      },
    ],
    example: { title: "Help" },
    offered: true,
  }),

  close_window: command({
    action: "close_window",
    description: "Closes the current window and goes on in the one that was opened before it.",
    fields: waiting,
    example: {},
    offered: true,
  }),

  switch_frame: command({
    action: "switch_frame",
    description: "Goes on in a frame, until another `switch_frame` or a new page leads out of it.",
    fields: {
      ...optionalTarget,
      index: z.int().min(0).max(1000).optional().describe("The frame's place in the document, from 0."),
      parent: z.literal(true).optional().describe("The frame around the current one."),
      top: z.literal(true).optional().describe("The window's own document."),
      ...waiting,
    },
    rules: [
      {
        holds: exactlyOneOf("locator_type", "index", "parent", "top"),
        words: "needs exactly one of a locator, 'index', 'parent' and 'top'",
      },
    ],
    example: { locator_type: "title", locator_value: "Payment" },
    offered: true,
  }),

  scroll: command({
    action: "scroll",
    description:
      "Scrolls to an element; with a distance or `to`, scrolls inside that element, or the page when there is no locator. Where nothing in the element can be scrolled, a distance turns the mouse wheel over it, as `wheel` does.",
    fields: {
      ...optionalTarget,
      by_x: Distance.optional().describe("CSS pixels to the right."),
      by_y: Distance.optional().describe("CSS pixels down."),
      to: z.enum(["top", "bottom"]).optional().describe("The beginning or the end of what is scrolled."),
      ...waiting,
    },
    rules: [
      {
        holds: ({ locator_type, by_x, by_y, to }) =>
          to === undefined ? (locator_type ?? by_x ?? by_y) !== undefined : (by_x ?? by_y) === undefined,
        words: "needs a locator, a distance ('by_x', 'by_y') or 'to', and not both of the last two",
      },
    ],
    example: { locator_type: "role", locator_value: "heading", locator_name: "Reviews" },
    offered: true,
  }),

  screenshot: command({
    action: "screenshot",
    description: "Keeps a picture of the page among the run's artifacts, whatever `SCREENSHOTS` says.",
    fields: {
      name: NonEmptyText.max(100).optional().describe("What people call the picture."),
      ...anyCommand,
    },
    example: { name: "Full cart" },
    offered: true,
  }),
};
