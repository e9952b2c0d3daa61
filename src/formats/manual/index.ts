import type { Format } from "../ports.js";
import { readManual } from "./read.js";

/** Tests that people write by hand. Any text is in this format. */
export const MANUAL: Format = { detect: () => true, read: readManual };
