import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { waitForReading } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";

export const verify_count: Executor<"verify_count"> = {
  acts: false,
  describe: (command) => `Count ${describeLocator(command)}`,
  expectation: describeCount,
  async execute(command, context) {
    const { timeoutMs } = context;
    await waitForReading(
      { target: targetOf(command), reading: { what: "count" }, timeoutMs },
      (value) => {
        const count = Number(value);
        if (isExpected(count, command) !== (command.not ?? false)) return undefined;
        return count === 1 ? "there is 1" : `there are ${count}`;
      },
      context,
    );
  },
};

function isExpected(count: number, { expected_count, comparison = "equal" }: CommandOf<"verify_count">) {
  if (comparison === "equal") return count === expected_count;
  return comparison === "at_least" ? count >= expected_count : count <= expected_count;
}

function describeCount({ expected_count, comparison = "equal", not }: CommandOf<"verify_count">): string {
  const words = comparison === "equal" ? "" : `${comparison.replace("_", " ")} `;
  return `${not ? "not " : ""}${words}${expected_count} ${expected_count === 1 ? "element" : "elements"}`;
}
