import type { Side } from "./rounds.js";

/** A side with its browser or server running. */
export interface StartedSide<T> {
  side: Side<T>;
  stop: () => Promise<void>;
}
