import type { Command, Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { MAX_COMMANDS } from "../../protocol/limits.js";
import type { GeneratedCase, GenerationContext, Generator } from "../ports.js";
import { readDescription } from "./description.js";
import { groupSteps } from "./steps.js";

const EXAMPLES =
  "Write sentences such as: Open https://example.com/login. Type tom into Username. Type secret into Password. " +
  'Click the Login button. Check that the page shows "Welcome".';

/** Most warnings that are listed one by one. */
const MAX_WARNINGS = 100;

/**
 * Writes steps from the sentences that testers usually write, by fixed rules: no key, no network, the same
 * answer every time. It names a sentence that it does not understand in a warning, and never guesses.
 */
export class PlainEnglishGenerator implements Generator {
  readonly name = "plain-english";

  /** @throws AppError `invalid_description` when not one sentence is understood. */
  async generateCase(description: string, { signal }: GenerationContext): Promise<GeneratedCase> {
    const { understood, warnings } = await readDescription(description, signal);
    if (understood.length === 0) throw nothingUnderstood(warnings);
    const steps = groupSteps(understood);
    if (!steps.some(({ commands }) => commands.some(({ action }) => action === "navigate"))) {
      warnings.push('No sentence opens a page. Begin with one such as "Open https://example.com".');
    }
    return { steps, warnings: limited(warnings) };
  }

  /**
   * Writes the commands of the description, and checks for the expected result where that speaks plainly.
   *
   * @throws AppError `invalid_description` when neither gives a command.
   */
  async generateStep(
    { description, expectedResult }: { description: string; expectedResult: string },
    { signal }: GenerationContext,
  ): Promise<{ commands: Script; warnings: string[] }> {
    const { understood, warnings } = await readDescription(description, signal);
    const expected = await readDescription(expectedResult, signal);
    const checks = expected.understood.filter(({ meaning }) => meaning.kind === "check");
    const all = withoutRepeated([...understood, ...checks].flatMap(({ meaning }) => meaning.commands));
    if (all.length === 0) throw nothingUnderstood(warnings);
    if (all.length > MAX_COMMANDS) {
      warnings.push(`The step has ${all.length} commands; only the first ${MAX_COMMANDS} are kept.`);
    }
    return { commands: all.slice(0, MAX_COMMANDS), warnings: limited(warnings) };
  }
}

/** Drops checks that directly repeat an earlier one, as those of an expected result do that was made from it. */
function withoutRepeated(commands: Script): Script {
  const seen = new Set<string>();
  return commands.filter((command) => {
    if (!command.action.startsWith("verify_")) {
      // After another action the same check is a new one.
      seen.clear();
      return true;
    }
    const key = keyOf(command);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function keyOf(command: Command): string {
  return JSON.stringify({ ...command, description: undefined });
}

function limited(warnings: string[]): string[] {
  if (warnings.length <= MAX_WARNINGS) return warnings;
  const more = warnings.length - MAX_WARNINGS;
  return [...warnings.slice(0, MAX_WARNINGS), `${more} more sentences were not understood, or only in part.`];
}

function nothingUnderstood([first]: string[]): AppError {
  const reason = first === undefined ? "" : ` ${first}`;
  return new AppError(
    "invalid_description",
    `No sentence of the description could be understood.${reason} ${EXAMPLES}`,
  );
}
