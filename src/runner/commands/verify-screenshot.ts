import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { Impossible } from "../impossible.js";
import { describeLocator } from "../locator.js";
import { targetIn } from "../optional-target.js";
import type { Baselines } from "../ports.js";
import { differenceOf, type Difference } from "../screenshots/compare.js";
import { decode, encode, type Picture } from "../screenshots/picture.js";
import { untilAccepted } from "../screenshots/take.js";

/** Time that the pictures and comparisons under way may take when the command's own is up, in milliseconds. */
const WORK_MS = 15_000;

type Command = CommandOf<"verify_screenshot">;

export const verify_screenshot: Executor<"verify_screenshot"> = {
  acts: false,
  describe: (command) => `Verify that ${placeOf(command)} looks like the baseline '${command.name}'`,
  expectation: (command) => `${placeOf(command)} to look like the baseline '${command.name}'`,
  workMs: () => WORK_MS,
  async execute(command, context) {
    const { name, full_page: isWhole = false, masks = [] } = command;
    const { baselines } = context;
    if (baselines === undefined) throw new Impossible("no baselines are stored where this runs.");
    const find = finder(name, baselines);
    let seen: Seen | undefined;
    try {
      await untilAccepted({ target: targetIn(command), isWhole, masks }, context, async (shot) => {
        const variant = `${baselines.browser}-${shot.viewport}`;
        seen = { actual: shot.picture, variant };
        const baseline = await find(variant);
        if (baseline === undefined) throw new Error(noBaseline(name, variant));
        const difference = differenceOf(shot.picture, baseline.picture, command);
        if (difference !== undefined) seen = { ...seen, expected: baseline.png, difference };
        return difference?.words;
      });
    } catch (error) {
      if (seen !== undefined) keep(name, seen, context);
      throw error;
    }
  },
};

function placeOf(command: Command): string {
  const target = targetIn(command);
  if (target !== undefined) return describeLocator(target);
  return command.full_page ? "the whole page" : "the page";
}

function noBaseline(name: string, variant: string): string {
  return `there is no baseline '${name}' for ${variant} yet. Look at the picture that was kept (screenshot_actual); if it is right, accept it with POST /api/test-cases/:id/baselines and its artifact_id.`;
}

interface Baseline {
  png: Uint8Array;
  picture: Picture;
}

/** Reads each variant once: a baseline that is accepted meanwhile counts from the next command on. */
function finder(name: string, baselines: Baselines): (variant: string) => Promise<Baseline | undefined> {
  const known = new Map<string, Baseline>();
  return async (variant) => {
    const before = known.get(variant);
    if (before !== undefined) return before;
    const png = await baselines.read(name, variant);
    if (png === undefined) return undefined;
    const baseline = { png, picture: decode(png) };
    known.set(variant, baseline);
    return baseline;
  };
}

/** The pictures of a comparison that has not passed. */
interface Seen {
  actual: Picture;
  variant: string;
  expected?: Uint8Array;
  difference?: Difference;
}

function keep(name: string, { actual, variant, expected, difference }: Seen, context: CommandContext): void {
  const of = { name, variant };
  if (expected !== undefined) context.keep({ kind: "screenshot_expected", ...of, bytes: expected });
  context.keep({ kind: "screenshot_actual", ...of, bytes: encode(actual) });
  if (difference !== undefined)
    context.keep({ kind: "screenshot_diff", ...of, bytes: encode(difference.picture) });
}
