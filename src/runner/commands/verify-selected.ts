import type { CommandOf } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { waitForReading } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { quote } from "../matching.js";
import { normalizeText } from "../white-space.js";
import { describeOptions, optionsOf } from "../options.js";

export const verify_selected: Executor<"verify_selected"> = {
  acts: false,
  describe: (command) => `Verify that ${expectedOf(command)} of ${describeLocator(command)}`,
  expectation: expectedOf,
  async execute(command, context) {
    const { by, names } = optionsOf(command);
    const wanted = asSet(names);
    const { timeoutMs } = context;
    await waitForReading(
      { target: targetOf(command), reading: { what: "selected", by }, timeoutMs },
      (value) => {
        // Written by our own script in the page.
        const chosen = JSON.parse(value ?? "[]") as (string | number)[];
        if ((asSet(chosen) === wanted) !== (command.not ?? false)) return undefined;
        if (chosen.length === 0) return "no option is chosen";
        return `chosen is ${chosen.map((name) => quote(String(name))).join(", ")}`;
      },
      context,
    );
  },
};

function expectedOf(command: CommandOf<"verify_selected">): string {
  return `${command.not ? "not exactly " : ""}${describeOptions(command)} to be chosen`;
}

/** The same text for the same names in whatever order and spacing. */
function asSet(names: readonly (string | number)[]): string {
  return JSON.stringify([...new Set(names.map((name) => normalizeText(String(name))))].sort());
}
