import type { FoundBrowser } from "../../src/browser/discovery.js";
import type { Site } from "../site/server.js";
import type { Teardown } from "./teardown.js";

/** What every measurement needs. */
export interface Bench {
  /** The browser and driver that all sides use. */
  browser: FoundBrowser;
  site: Site;
  /** Stops what a measurement has started, also when it fails. */
  teardown: Teardown;
}
