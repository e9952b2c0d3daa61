import type { Locator } from "../../protocol/commands.js";
import type { SeenNode } from "../ports/snapshot.js";

/** Requests for a look at a document as people see it, and the answers. Plain data both ways. */

export interface PartRequest {
  maxNodes: number;
}

export interface PartSnapshot {
  url: string;
  title: string;
  nodes: SeenNode[];
  frames: PartFrame[];
  leftOut: number;
}

/** A frame in a document. */
export interface PartFrame {
  locators: Locator[];
  /** Number of the document's nodes before it. */
  at: number;
}
