import type { z } from "zod";

/** A function for each command of a group, which writes it as lines of Python. */
export type Renderers<G extends Record<string, z.ZodType>> = {
  [A in keyof G]: (command: z.infer<G[A]>) => string[];
};
