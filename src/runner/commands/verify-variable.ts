import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { NotSatisfied } from "../find.js";
import { comparerOf, expectationOf, seenText, verbOf } from "../matching.js";

export const verifyVariable: Executor<"verify_variable"> = {
  describe: (command) => `Verify that ${describeVariable(command)}`,
  expectation: (command) => `that ${describeVariable(command)}`,
  atOnce: true,
  async execute(command, { variables }) {
    const compare = comparerOf(expectationOf(command, "equals", command.expected_value));
    const value = variables.get(command.variable);
    if (value === undefined) throw new NotSatisfied("it has no value");
    if (!compare(value)) throw new NotSatisfied(`it ${seenText(value)}`);
  },
};

function describeVariable(command: CommandOf<"verify_variable">): string {
  return `the variable '${command.variable}' ${verbOf(expectationOf(command, "equals", command.expected_value))}`;
}
