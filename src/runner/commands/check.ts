import type { CommandContext, Executor } from "../executor.js";
import { findAndPress } from "../find-and-act.js";
import { find, NotSatisfied } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import type { PageTarget } from "../page/requests.js";

export const check = ticking<"check">({ verb: "Tick", state: "checked" });
export const uncheck = ticking<"uncheck">({ verb: "Untick", state: "unchecked" });

type Ticked = "checked" | "unchecked";

function ticking<A extends "check" | "uncheck">(options: { verb: string; state: Ticked }): Executor<A> {
  const { verb, state } = options;
  return {
    acts: true,
    describe: (command) => `${verb} ${describeLocator(command)}`,
    expectation: () => `something to ${verb.toLowerCase()}`,
    execute: (command, context) => bringInto(state, targetOf(command), context),
  };
}

async function bringInto(state: Ticked, target: PageTarget, context: CommandContext): Promise<void> {
  const deadline = performance.now() + context.timeoutMs;
  const remaining = () => Math.max(deadline - performance.now(), 0);
  // A script that comes late may tick it by itself.
  const { alternative } = await find(
    { until: "state", state: "present", forInput: true, target, timeoutMs: context.timeoutMs },
    context,
  );
  const found = alternative === undefined ? undefined : target.alternatives?.[alternative - 1];
  const used = found === undefined ? target : { locator: found };
  if (await isNow(state, used, context)) return;
  await findAndPress({ target: used, button: "left", clicks: 1, timeoutMs: remaining() }, context);
  await find({ until: "state", state, ofOne: true, target: used, timeoutMs: remaining() }, context);
}

async function isNow(state: Ticked, target: PageTarget, context: CommandContext): Promise<boolean> {
  try {
    await find({ until: "state", state, ofOne: true, target, timeoutMs: 0 }, context);
    return true;
  } catch (error) {
    if (error instanceof NotSatisfied) return false;
    throw error;
  }
}
