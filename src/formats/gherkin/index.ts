import type { Format } from "../ports.js";
import { detectGherkin } from "./detect.js";
import { readGherkin } from "./read.js";

/** Feature files, scenarios alone, and bare Given, When and Then. */
export const GHERKIN: Format = { detect: detectGherkin, read: readGherkin };
