import type { Executor } from "../executor.js";

export const log: Executor<"log"> = {
  describe: ({ message }) => message,
  expectation: () => "to write a message",
  leavesDialogs: true,
  async execute({ message }, context) {
    context.log({ level: "info", message });
  },
};

export const pause: Executor<"pause"> = {
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
