import type { Format } from "../ports.js";
import { detectSheet, readSheet } from "./read.js";

/** The values of a spreadsheet: CSV with commas or semicolons, and cells as they are pasted. */
export const SHEETS: Format = { detect: detectSheet, read: readSheet };
