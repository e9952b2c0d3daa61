import type { CommandContext, Executor } from "../executor.js";
import { findAndStrike, type Strokes } from "../find-and-act.js";
import { find, Impossible, NotSatisfied } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import type { PageTarget, Satisfied } from "../page/requests.js";
import { bondsTo, refuseElsewhere } from "../secrets/rules.js";

/** A command that types a text. */
interface Typing {
  text: string;
  delay?: number | undefined;
}

/** Time between two keys, in milliseconds: the command's own, or the server's. */
export function delayOf({ delay }: Typing, { keyDelayMs = 0 }: Pick<CommandContext, "keyDelayMs">): number {
  return delay ?? keyDelayMs;
}

/** Time that typing takes by itself, in milliseconds. */
export function workOf(command: Typing, scope: Pick<CommandContext, "keyDelayMs">): number {
  return command.text.length * (KEY_STROKE_MS + delayOf(command, scope));
}

/** Longest time that a key stroke takes on a busy machine, in milliseconds; usually two or three. */
const KEY_STROKE_MS = 50;

export const input: Executor<"input"> = {
  acts: true,
  describe: (command) => `Type into ${describeLocator(command)}`,
  expectation: () => "a field that takes text",
  workMs: workOf,
  execute: (command, context) => replaceText(targetOf(command), command, context),
};

export const clear: Executor<"clear"> = {
  acts: true,
  describe: (command) => `Empty ${describeLocator(command)}`,
  expectation: () => "a field that takes text",
  execute: (command, context) => replaceText(targetOf(command), { text: "" }, context),
};

export const edit_content: Executor<"edit_content"> = {
  acts: true,
  describe: (command) => `Replace the content of ${describeLocator(command)}`,
  expectation: () => "an editable region",
  workMs: workOf,
  async execute(command, context) {
    const target = targetOf(command);
    if (await hasValue(target, context)) throw new NotSatisfied("it is a form field; use the command input");
    await replaceText(target, command, context);
  },
};

/** Form fields have a value; editable regions have none. */
async function hasValue(target: PageTarget, context: CommandContext): Promise<boolean> {
  try {
    await find({ until: "read", reading: { what: "value" }, target, timeoutMs: context.timeoutMs }, context);
    return true;
  } catch (error) {
    if (error instanceof Impossible) return false;
    throw error;
  }
}

/** Selects what a field holds and types over it. */
async function replaceText(target: PageTarget, typing: Typing, context: CommandContext): Promise<void> {
  const { text } = typing;
  const { timeoutMs, page, signal, variables } = context;
  const delayMs = delayOf(typing, context);
  const secrets = context.secretsOf("text");
  const bonds = bondsTo(secrets, variables);
  let found: Satisfied["field"];
  const strokesFor = ({ field, selectAll }: Satisfied): Strokes | undefined => {
    found = field;
    if (field === "editor") return selectAll;
    if (field === "set") return undefined;
    if (text !== "") return text;
    return field === "selected" ? ["Delete"] : undefined;
  };
  const from = secrets.length === 0 ? {} : { secrets, bonds };
  const beforeKeys = () => refuseElsewhere(bonds, page, signal);
  const goal = { until: "typeable", text, ...from } as const;
  await findAndStrike({ goal, target, timeoutMs, delayMs }, strokesFor, { ...context, beforeKeys });
  if (found !== "editor") return;
  const overAll: Strokes = text === "" ? ["Delete"] : text;
  const atFocus = { goal: { until: "refocused" }, timeoutMs, delayMs } as const;
  await findAndStrike(atFocus, () => overAll, { ...context, beforeKeys });
}
