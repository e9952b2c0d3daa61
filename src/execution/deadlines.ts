import { Deadline } from "../async/deadline.js";

/** The time of a run, which begins to run down at once. */
export function runDeadline({ runTimeoutMs: limitMs }: { runTimeoutMs: number }): Deadline {
  return new Deadline({ limitMs, message: `The run took longer than its deadline of ${limitMs / 1000} s.` });
}

/** The time of a step, which begins to run down at once. */
export function stepDeadline({ stepTimeoutMs: limitMs }: { stepTimeoutMs: number }): Deadline {
  return new Deadline({ limitMs, message: `The step took longer than its deadline of ${limitMs / 1000} s.` });
}
