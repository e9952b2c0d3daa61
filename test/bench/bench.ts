import type { Ground } from "./ground.js";
import type { Sizes } from "./options.js";

/** Everything that every measurement needs. */
export interface Bench extends Ground {
  sizes: Sizes;
}
