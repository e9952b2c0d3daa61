import { z } from "zod";

export const BrowserName = z.enum(["chrome", "edge", "firefox"]);
export type BrowserName = z.infer<typeof BrowserName>;

/** The browser of a run, in the requests that start one. */
export const browsers = {
  browser: BrowserName.optional().describe(
    "The browser of the run, where the server has those of a Selenium Grid; its `BROWSER` unless given.",
  ),
  browser_version: z
    .string()
    .regex(/^[\w.-]{1,50}$/)
    .optional()
    .describe("The version of that browser, as the nodes of the Grid name it; any unless given."),
};
