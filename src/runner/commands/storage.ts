import type { CommandOf } from "../../protocol/commands.js";
import { callPage } from "../ask-page.js";
import type { CommandContext, Executor } from "../executor.js";
import { expectationOf, seenText, verbOf } from "../matching.js";
import { poll } from "../polling.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

/** A call to the storage of the current frame's document. */
type StorageCall =
  | { does: "read"; storage: Area; key: string }
  | { does: "write"; storage: Area; key: string; value: string }
  | { does: "clear"; storage: Area | undefined; key: string | undefined };

type Area = "local" | "session";

/** The answer: a value that was read, `null` when there is none, or why there is no storage. */
interface StorageAnswer {
  value?: string | null;
  refused?: string;
}

const CALL_STORAGE = `(argument) => {
  const { does, storage, key, value } = JSON.parse(argument);
  const areas = { local: () => localStorage, session: () => sessionStorage };
  try {
    if (does === "read") return JSON.stringify({ value: areas[storage]().getItem(key) });
    if (does === "write") areas[storage]().setItem(key, value);
    for (const area of does === "clear" ? (storage === undefined ? ["local", "session"] : [storage]) : []) {
      if (key === undefined) areas[area]().clear();
      else areas[area]().removeItem(key);
    }
    return "{}";
  } catch (error) {
    return JSON.stringify({ refused: error.name === "QuotaExceededError" ? "it has no room for the value" : "this document has none: " + error.message });
  }
}`;

export const set_storage: Executor<"set_storage"> = {
  acts: true,
  describe: ({ key, storage }) => `Put '${key}' into the ${nameOf(storage)}`,
  expectation: ({ key, storage }) => `to put '${key}' into the ${nameOf(storage)}`,
  atOnce: true,
  async execute({ key, value, storage = "local" }, context) {
    await callStorage({ does: "write", storage, key, value }, context);
  },
};

export const verify_storage: Executor<"verify_storage"> = {
  acts: false,
  describe: (command) => `Verify that the ${describeEntry(command)}`,
  expectation: (command) => `that the ${describeEntry(command)}`,
  async execute(command, context) {
    const { key, storage = "local", expected_value, match, not = false } = command;
    const expectation = expectationOf({ match }, "equals", expected_value ?? "");
    const comparison = wholeComparison(expectation, context.variables);
    const isAsExpected = (value: string | null) =>
      value !== null && (expected_value === undefined || comparison.isAsExpected(value));
    await poll(async (until) => {
      const value = await readStorage({ key, storage }, { ...context, signal: until });
      if (isAsExpected(value) !== not) return undefined;
      return value === null ? "it has no such key" : `it ${seenText(value)}${comparison.note(value)}`;
    }, context);
  },
};

export const store_storage: Executor<"store_storage"> = {
  acts: false,
  describe: ({ key, storage, variable }) => `Keep '${key}' of the ${nameOf(storage)} as '${variable}'`,
  expectation: ({ key, storage }) => `'${key}' in the ${nameOf(storage)}`,
  async execute({ key, storage = "local", variable }, context) {
    let value = "";
    await poll(async (until) => {
      const found = await readStorage({ key, storage }, { ...context, signal: until });
      if (found === null) return "it has no such key";
      value = found;
      return undefined;
    }, context);
    context.variables.set(variable, value);
  },
};

export const clear_storage: Executor<"clear_storage"> = {
  acts: true,
  describe: ({ key, storage }) =>
    key === undefined
      ? `Empty the ${storage === undefined ? "local and session storage" : nameOf(storage)}`
      : `Delete '${key}' from the ${storage === undefined ? "local and session storage" : nameOf(storage)}`,
  expectation: () => "to empty the storage",
  atOnce: true,
  async execute({ key, storage }, context) {
    await callStorage({ does: "clear", storage, key }, context);
  },
};

async function readStorage(
  entry: { key: string; storage: Area },
  context: CommandContext,
): Promise<string | null> {
  return (await callStorage({ does: "read", ...entry }, context)).value ?? null;
}

/** @throws Error when the document may have no storage, as in a sandboxed frame */
async function callStorage(call: StorageCall, { page, signal }: CommandContext): Promise<StorageAnswer> {
  // Written by that function.
  const answer = JSON.parse(
    await callPage(page, CALL_STORAGE, JSON.stringify(call), signal),
  ) as StorageAnswer;
  if (answer.refused === undefined) return answer;
  throw new Error(`the ${nameOf(call.storage)} cannot be used: ${answer.refused}`);
}

function nameOf(storage: Area = "local"): string {
  return `${storage} storage`;
}

function describeEntry(command: CommandOf<"verify_storage">): string {
  const { key, storage, expected_value, match, not = false } = command;
  const where = `'${key}' of the ${nameOf(storage)}`;
  if (expected_value === undefined) return `${nameOf(storage)} has ${not ? "no" : "the"} key '${key}'`;
  return `value ${where} ${verbOf(expectationOf({ match, not }, "equals", expected_value))}`;
}
