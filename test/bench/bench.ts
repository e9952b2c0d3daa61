import type { FoundBrowser } from "../../src/browser/setup/discovery.js";
import type { Sizes } from "./options.js";
import type { Teardown } from "./teardown.js";

/** Everything that every measurement needs. */
export interface Bench {
  /** The browser and driver that all sides use. */
  browser: FoundBrowser;
  /** The pages that all sides use. They are served by a process of their own, which works for none of the sides. */
  site: { url: string };
  sizes: Sizes;
  /** Stops what a measurement has started, also when it fails. */
  teardown: Teardown;
}
