import { z } from "zod";
import { command } from "./command.js";
import { hasPlaceholder, matching, NonEmptyText, storing, Text, verifying, waiting } from "./fields.js";

/** Largest viewport that a test may ask for, in CSS pixels. */
const MAX_SIDE = 10_000;

/** Fastest network that is slowed down to, in kilobits a second. */
const MAX_SPEED = 10_000_000;

const Locale = NonEmptyText.refine((value) => hasPlaceholder(value) || isLocale(value), {
  error: "must be a language tag, such as 'de-CH'",
});
const TimeZone = NonEmptyText.refine((value) => hasPlaceholder(value) || isTimeZone(value), {
  error: "must be a name of the IANA time zone database, such as 'Europe/Zurich'",
});
const Side = z.int().min(100).max(MAX_SIDE);
const Speed = z.number().positive().max(MAX_SPEED);

export const emulation = {
  set_permission: command({
    action: "set_permission",
    description: "Answers beforehand, for every page of the run, what a browser asks people to allow.",
    fields: {
      permission: z
        .enum([
          "geolocation",
          "notifications",
          "camera",
          "microphone",
          "midi",
          "persistent-storage",
          "screen-wake-lock",
          "window-management",
          "local-fonts",
          "idle-detection",
          "storage-access",
          "clipboard-read",
          "clipboard-write",
        ])
        .describe("Its name in the Permissions API."),
      state: z.enum(["granted", "denied", "prompt"]).describe("`prompt` is what a run begins with."),
      ...waiting,
    },
    example: { permission: "notifications", state: "granted" },
    offered: false,
  }),

  set_geolocation: command({
    action: "set_geolocation",
    description:
      "Puts the browser at a place, and lets pages ask for it unless `set_permission` has said whether they may.",
    fields: {
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      accuracy: z.number().min(0).max(1_000_000).optional().describe("In metres; 10 unless given."),
      ...waiting,
    },
    example: { latitude: 47.3769, longitude: 8.5417 },
    offered: false,
  }),

  set_device: command({
    action: "set_device",
    description:
      "Makes the browser a phone or tablet: its viewport, and clicks that are taps. Load the page again for what it decides as it loads.",
    fields: {
      width: Side.describe("Width of the viewport, in CSS pixels."),
      height: Side.describe("Height of the viewport, in CSS pixels."),
      scale: z
        .number()
        .min(0.5)
        .max(10)
        .optional()
        .describe("Physical pixels to a CSS pixel; 1 unless given."),
      mobile: z
        .boolean()
        .optional()
        .describe(
          "Takes note of `<meta name=viewport>` and lays scroll bars over the page; true unless given.",
        ),
      touch: z.boolean().optional().describe("Clicks are taps of a finger; as `mobile` unless given."),
      user_agent: NonEmptyText.optional().describe("As `set_user_agent`; the browser's own unless given."),
      ...waiting,
    },
    example: { width: 390, height: 844, scale: 3 },
    offered: false,
  }),

  set_locale: command({
    action: "set_locale",
    description:
      "Gives the browser another language, for `Accept-Language`, `navigator.language` and how dates and numbers look.",
    fields: { locale: Locale.describe("A language tag."), ...waiting },
    example: { locale: "de-CH" },
    offered: false,
  }),

  set_time_zone: command({
    action: "set_time_zone",
    description: "Puts the browser into another time zone.",
    fields: { time_zone: TimeZone.describe("A name of the IANA time zone database."), ...waiting },
    example: { time_zone: "Asia/Tokyo" },
    offered: false,
  }),

  set_user_agent: command({
    action: "set_user_agent",
    description: "Has the browser call itself otherwise, in its header and to scripts.",
    fields: { user_agent: NonEmptyText, ...waiting },
    example: {
      user_agent:
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    },
    offered: false,
  }),

  set_media: command({
    action: "set_media",
    description:
      "Sets the preferences of a person that style sheets ask for, or has the page look as in print.",
    fields: {
      color_scheme: z.enum(["light", "dark"]).optional().describe("`prefers-color-scheme`."),
      reduced_motion: z.enum(["reduce", "no-preference"]).optional().describe("`prefers-reduced-motion`."),
      contrast: z.enum(["more", "less", "no-preference"]).optional().describe("`prefers-contrast`."),
      forced_colors: z.enum(["active", "none"]).optional().describe("`forced-colors`."),
      media: z.enum(["screen", "print"]).optional().describe("The medium that the style is for."),
      ...waiting,
    },
    rules: [
      {
        holds: ({ color_scheme, reduced_motion, contrast, forced_colors, media }) =>
          [color_scheme, reduced_motion, contrast, forced_colors, media].some((field) => field !== undefined),
        words:
          "needs at least one of 'color_scheme', 'reduced_motion', 'contrast', 'forced_colors' and 'media'",
      },
    ],
    example: { color_scheme: "dark" },
    offered: false,
  }),

  set_clipboard: command({
    action: "set_clipboard",
    description: "Puts a text into the run's clipboard, as if it had been copied.",
    fields: { text: Text, ...waiting },
    example: { text: "Ada\t1815\nGrace\t1906" },
    offered: false,
  }),

  verify_clipboard: command({
    action: "verify_clipboard",
    description: "Passes once the run's clipboard holds this text: what its pages have copied last.",
    fields: { expected_text: Text, ...matching("equals"), ...verifying },
    example: { expected_text: "https://shop.example/share/1001" },
    offered: false,
  }),

  store_clipboard: command({
    action: "store_clipboard",
    description: "Keeps the text of the run's clipboard in a variable; waits until there is one.",
    fields: storing,
    example: { variable: "link" },
    offered: false,
  }),

  set_network: command({
    action: "set_network",
    description:
      "Takes the network away from every page of the run, or slows it down; without a field it is as before.",
    fields: {
      offline: z.boolean().optional().describe("Nothing can be reached."),
      latency: z
        .number()
        .min(0)
        .max(60)
        .optional()
        .describe("Least time until an answer begins, in seconds; none unless given."),
      download: Speed.optional().describe("Kilobits a second; no limit unless given."),
      upload: Speed.optional().describe("Kilobits a second; no limit unless given."),
      ...waiting,
    },
    example: { latency: 0.3, download: 1600, upload: 750 },
    offered: false,
  }),
};

function isLocale(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
