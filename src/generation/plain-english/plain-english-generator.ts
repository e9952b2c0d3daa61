import type { Command, Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { MAX_COMMANDS } from "../../protocol/limits.js";
import type { GeneratedCase, GenerationContext, Generator, ToldCase } from "../ports.js";
import { refusalOfUrls } from "../named-hosts.js";
import { notUnderstood, readCase, readTexts } from "./description.js";
import { AFTER, groupSteps, type ReadClause } from "./steps.js";

const EXAMPLES =
  "Write sentences such as: Open https://example.com/login. Type tom into Username. Type secret into Password. " +
  'Click the Login button. Check that the page shows "Welcome".';

/** Most warnings that are listed one by one. */
const MAX_WARNINGS = 100;

/**
 * Writes steps from the sentences that testers usually write, by fixed rules: no key, no network, the same
 * answer every time. A sentence that it does not understand stands in its place as a command that never passes.
 */
export class PlainEnglishGenerator implements Generator {
  readonly name = "plain-english";
  readonly #allowedHosts: readonly string[];

  /** @param options.allowedHosts hosts that this server's browsers may open; empty: every host */
  constructor({ allowedHosts = [] }: { allowedHosts?: readonly string[] } = {}) {
    this.#allowedHosts = allowedHosts;
  }

  /** @throws AppError `invalid_description` when there is no sentence at all. */
  async generateCase(told: ToldCase, { signal }: GenerationContext): Promise<GeneratedCase> {
    const { clauses: read, warnings: remarks } = await readCase(told, signal);
    const clauses = read.map((clause) => this.#kept(clause));
    if (clauses.length === 0) throw nothingUnderstood([]);
    const steps = groupSteps(clauses);
    const warnings = [...remarks, ...clauses.flatMap((clause) => clause.warnings)];
    if (!clauses.some(isUnderstood)) warnings.push(`No sentence was understood. ${EXAMPLES}`);
    else if (!steps.some(({ commands }) => commands.some(({ action }) => action === "navigate"))) {
      warnings.push('No sentence opens a page. Begin with one such as "Open https://example.com".');
    }
    return { steps, warnings: limited(warnings) };
  }

  /**
   * Writes the commands of the description, and checks for the expected result.
   *
   * @throws AppError `invalid_description` when neither gives a command.
   */
  async generateStep(
    step: StepWords,
    { signal }: GenerationContext,
  ): Promise<{ commands: Script; warnings: string[] }> {
    const all = (await readStep(step, signal)).map((clause) => this.#kept(clause));
    const commands = withoutRepeated(all.flatMap(({ meaning }) => meaning.commands));
    const warnings = all.flatMap((clause) => clause.warnings);
    if (!all.some(isUnderstood)) throw nothingUnderstood(warnings);
    if (commands.length > MAX_COMMANDS) {
      warnings.push(`The step has ${commands.length} commands; only the first ${MAX_COMMANDS} are kept.`);
    }
    return { commands: commands.slice(0, MAX_COMMANDS), warnings: limited(warnings) };
  }

  /** The clause as it may be stored: one that opens a host which nobody may open is not carried out. */
  #kept(clause: ReadClause): ReadClause {
    const reason = refusalOfUrls(clause.meaning.commands, { allowed: this.#allowedHosts });
    return reason === undefined ? clause : { ...clause, ...notUnderstood(clause.text, { reason }) };
  }
}

interface StepWords {
  description: string;
  expectedResult: string;
}

/**
 * Reads what one step does, and then what is checked.
 *
 * @param startUrl the page that paths are on where the description names none
 */
export async function readStep(
  { description, expectedResult }: StepWords,
  signal: AbortSignal,
  startUrl?: string,
): Promise<ReadClause[]> {
  const isOwn = OWN_WORDS.has(expectedResult.trim());
  return await readTexts({ description, expectedResult: isOwn ? "" : expectedResult }, signal, startUrl);
}

/** Expected results that the generator wrote itself, and that ask for no check. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  "",
  "It is done",
  "The login is sent",
  ...Object.values(AFTER),
]);

function isUnderstood({ meaning }: ReadClause): boolean {
  return meaning.kind !== "unknown";
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
