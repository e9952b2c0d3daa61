import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { waitForReading } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import type { Reading } from "../page/requests.js";

export const set_variable: Executor<"set_variable"> = {
  acts: false,
  describe: ({ variable }) => `Set the variable '${variable}'`,
  expectation: ({ variable }) => `to set the variable '${variable}'`,
  leavesDialogs: true,
  async execute({ variable, value }, { variables, secretsOf }) {
    variables.set(variable, value, secretsOf("value"));
  },
};

export const store_text = storeOf<"store_text">("the text", () => ({ what: "text" }));
export const store_value = storeOf<"store_value">("the value", () => ({ what: "value" }));
export const store_count = storeOf<"store_count">("the number", () => ({ what: "count" }));
export const store_attribute = storeOf<"store_attribute">("an attribute", ({ attribute }) => ({
  what: "attribute",
  name: attribute,
}));

export const store_title = storeOfWindow<"store_title">("title", ({ page, signal }) => page.title(signal));
export const store_url = storeOfWindow<"store_url">("address", ({ page, signal }) => page.url(signal));

type ElementStore = "store_text" | "store_value" | "store_count" | "store_attribute";

function storeOf<A extends ElementStore>(
  what: string,
  readingOf: (command: CommandOf<A>) => Reading,
): Executor<A> {
  return {
    acts: false,
    describe: (command) => `Keep ${what} of ${describeLocator(command)} as '${command.variable}'`,
    expectation: () => `an element to read ${what} of`,
    async execute(command, context) {
      const { timeoutMs, variables } = context;
      const request = { target: targetOf(command), reading: readingOf(command), timeoutMs };
      let origins: readonly string[] = [];
      const isThere = (value: string | null, from: readonly string[]) => {
        origins = from;
        return value === null ? "it has no such attribute" : undefined;
      };
      const value = await waitForReading(request, isThere, context);
      variables.set(command.variable, value ?? "", origins);
    },
  };
}

function storeOfWindow<A extends "store_title" | "store_url">(
  what: string,
  read: (context: CommandContext) => Promise<string>,
): Executor<A> {
  return {
    acts: false,
    describe: ({ variable }) => `Keep the window's ${what} as '${variable}'`,
    expectation: () => `a window to read the ${what} of`,
    async execute({ variable }, context) {
      context.variables.set(variable, await read(context));
    },
  };
}
