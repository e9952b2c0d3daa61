import { setTimeout as delay } from "node:timers/promises";
import type { Executor } from "../executor.js";

export const wait: Executor<"wait"> = {
  acts: false,
  describe: ({ duration }) => `Wait ${duration} s`,
  expectation: ({ duration }) => `${duration} s to pass`,
  leavesDialogs: true,
  workMs: ({ duration }) => duration * 1000,
  async execute({ duration }, { signal }) {
    await delay(duration * 1000, undefined, { signal });
  },
};
