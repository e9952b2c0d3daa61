import type { Executor } from "../executor.js";
import { Impossible } from "../impossible.js";

export const log: Executor<"log"> = {
  acts: false,
  describe: ({ message }) => message,
  expectation: () => "to write a message",
  leavesDialogs: true,
  async execute({ message }, context) {
    context.log({ level: "info", message });
  },
};

export const pause: Executor<"pause"> = {
  acts: false,
  describe: ({ message }) => (message ? `Pause: ${message}` : "Pause"),
  expectation: () => "the run to be let go on",
  leavesDialogs: true,
  // Nobody knows how long a person looks at a page.
  workMs: () => Infinity,
  async execute({ message }, { gate, signal }) {
    gate.hold(message || "The script pauses here.");
    await gate.pass(signal);
  },
};

export const not_understood: Executor<"not_understood"> = {
  acts: false,
  describe: ({ text }) => `Not understood: ${text}`,
  expectation: ({ text }) => `“${text}” to be understood`,
  atOnce: true,
  leavesDialogs: true,
  execute({ reason, readings }) {
    const ways = readings === undefined ? "" : ` (${readings.map((one) => `“${one}”`).join(" or ")})`;
    return Promise.reject(new Impossible(`${reason.replace(/\.$/, "")}${ways}.`));
  },
};
