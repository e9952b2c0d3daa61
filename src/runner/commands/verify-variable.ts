import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { NotSatisfied } from "../find.js";
import { expectationOf, seenText, verbOf } from "../matching.js";
import { refuseParts, wholeComparison } from "../secrets/whole-comparison.js";

export const verify_variable: Executor<"verify_variable"> = {
  acts: false,
  describe: (command) => `Verify that ${describeVariable(command)}`,
  expectation: (command) => `that ${describeVariable(command)}`,
  atOnce: true,
  leavesDialogs: true,
  async execute(command, { variables }) {
    const comparison = wholeComparison(expectationOf(command, "equals", command.expected_value), variables);
    const value = variables.get(command.variable);
    if (value === undefined) throw new NotSatisfied("it has no value");
    const from = variables.secretsOf(`\${${command.variable}}`);
    refuseParts(value, { from, what: `the variable '${command.variable}'`, variables });
    if (!comparison.isAsExpected(value))
      throw new NotSatisfied(`it ${seenText(value, command.match)}${comparison.note(value)}`);
  },
};

function describeVariable(command: CommandOf<"verify_variable">): string {
  return `the variable '${command.variable}' ${verbOf(expectationOf(command, "equals", command.expected_value))}`;
}
