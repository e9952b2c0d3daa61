import { timeoutSignal } from "../../async/timeout-signal.js";
import { refusalOfHost } from "../../hosts/allowed-hosts.js";
import type { GenerationStep } from "../../execution/ports.js";
import type { Script } from "../../protocol/commands.js";
import type { SentenceOutcome } from "../../protocol/verification.js";
import type { Page, ScriptOutcome, Variables } from "../../runner/ports.js";
import { notUnderstood } from "../plain-english/description.js";
import { opens, type ReadClause } from "../plain-english/steps.js";
import { groundClause, type Grounded } from "./ground-clause.js";
import { missingValues, withGivenValues } from "./missing-values.js";
import type { Attempt, ModelHelp } from "./model-help.js";
import type { Sighting } from "./sighting.js";

/** Most times that the commands of a sentence are changed and tried again. */
const MAX_CORRECTIONS = 2;

/** A sentence with what came of it on the page. */
export interface Tried {
  /** With the commands that the script gets. */
  clause: ReadClause;
  outcome: SentenceOutcome;
  /** Why it is not verified or not understood. */
  message: string | null;
  candidates?: string[] | undefined;
  /** Checks of what was seen afterwards, in no script. @defaultValue none */
  offered?: Script;
  /** A language model has found its elements. @defaultValue rules have */
  isByModel?: true;
}

export interface Surroundings extends Pick<Sighting, "page" | "takeSnapshot"> {
  variables: Pick<Variables, "mask" | "fillIn">;
  step: GenerationStep;
  /** The hosts that may be opened; empty: every host. */
  hosts: readonly string[];
  /** Reads what no rule does. @defaultValue nobody */
  help?: Pick<ModelHelp, "read"> | undefined;
}

/**
 * Finds out what a sentence means on the page as it is now, and does it. Nothing but the sentence's own words says what is
 * done; the page only says where. Rules come first: what they read costs nothing and comes out the same each time.
 *
 * @throws the reason of the step's signal once it is aborted
 */
export async function trySentence(clause: ReadClause, surroundings: Surroundings): Promise<Tried> {
  const { page, step, hosts } = surroundings;
  if (opens(clause)) {
    const outcome = await performWithValues(clause.meaning.commands, surroundings);
    if (outcome.verdict === "passed") return { clause, outcome: "verified", message: null };
    return { clause, outcome: "not_verified", message: outcome.message };
  }
  const strayed = await strayedTo(page, hosts, step.signal);
  if (strayed !== undefined) return notTried(clause, strayed);
  return await new Corrections(clause, surroundings).perform();
}

/** Performs commands for all of which there are values. */
async function performWithValues(
  commands: Script,
  { step, hosts, variables }: Surroundings,
): Promise<ScriptOutcome> {
  const missing = missingValues(commands, variables);
  if (missing.length > 0) return { verdict: "error", message: untried(missing.join("; ")), command: 1 };
  return await step.perform(commands, hosts);
}

/** A sentence on a page that may change while it is tried. */
class Corrections {
  readonly #clause: ReadClause;
  readonly #surroundings: Surroundings;
  /** Commands that have passed: they are done, and are never done again. */
  #done: Script = [];

  constructor(clause: ReadClause, surroundings: Surroundings) {
    this.#clause = clause;
    this.#surroundings = surroundings;
  }

  async perform(): Promise<Tried> {
    let grounded = await this.#ground();
    for (let corrections = 0; ; corrections++) {
      if (grounded.kind !== "commands") return ungrounded(this.#clause, grounded);
      const rest = grounded.commands.slice(this.#done.length);
      const outcome = await performWithValues(rest, this.#surroundings);
      const clause = withCommands(this.#clause, [...this.#done, ...rest]);
      const by = grounded.isByModel && { isByModel: grounded.isByModel };
      if (outcome.verdict === "passed") return { clause, outcome: "verified", message: null, ...by };
      this.#done = [...this.#done, ...rest.slice(0, outcome.command - 1)];
      const failed: Tried = { clause, outcome: "not_verified", message: outcome.message, ...by };
      if (corrections === MAX_CORRECTIONS) return failed;
      const again = await this.#ground({ commands: rest, message: outcome.message });
      // Without other commands for what is left, trying again could only do a thing twice.
      if (again.kind !== "commands" || !this.#isCorrection(again, grounded.commands)) return failed;
      grounded = again;
    }
  }

  /**
   * Rules do the same on other elements, and a model keeps at least to the checks: a sentence is not read as something else
   * because it has failed.
   */
  #isCorrection({ commands, isByModel }: Readable, before: Script): boolean {
    const kept = isByModel ? checksOf : actionsOf;
    const left = (script: Script) => JSON.stringify(script.slice(this.#done.length));
    return kept(commands) === kept(before) && left(commands) !== left(before);
  }

  async #ground(failed?: Attempt["failed"]): Promise<Grounded> {
    const { variables } = this.#surroundings;
    const grounded = await this.#read(failed);
    if (grounded.kind !== "commands") return grounded;
    return { ...grounded, commands: withGivenValues(grounded.commands, variables) };
  }

  async #read(failed: Attempt["failed"]): Promise<Grounded> {
    const { page, takeSnapshot, variables, step, help } = this.#surroundings;
    const sighting = { page, takeSnapshot, variables, signal: step.signal };
    const grounded = await groundClause(this.#clause, sighting);
    if (grounded.kind === "commands" || help === undefined) return grounded;
    const attempt = { done: this.#done, ...(failed && { failed }) };
    return await help.read(this.#clause, grounded, { sighting, attempt });
  }
}

type Readable = Extract<Grounded, { kind: "commands" }>;

function actionsOf(script: Script): string {
  return script.map(({ action }) => action).join();
}

/** The checks with what they expect, on whatever elements. */
function checksOf(script: Script): string {
  return JSON.stringify(
    script.flatMap((command) => {
      if (!command.action.startsWith("verify_")) return [];
      return [Object.entries(command).filter(([field]) => /^(?:action|not|label|expected_\w+)$/.test(field))];
    }),
  );
}

function withCommands(clause: ReadClause, commands: Script): ReadClause {
  const { meaning } = clause;
  if (meaning.kind !== "unknown") return withoutGiven({ ...clause, meaning: { ...meaning, commands } });
  // The page has told what the words alone do not.
  return { ...clause, meaning: { kind: "action", commands }, warnings: [] };
}

/** Asks no more for data that the commands have got by now. */
function withoutGiven(clause: ReadClause): ReadClause {
  const { meaning, warnings } = clause;
  if (meaning.kind === "unknown" || meaning.asks === undefined) return clause;
  const text = JSON.stringify(meaning.commands);
  const asks = meaning.asks.filter((name) => text.includes(`\${${name}}`));
  const given = meaning.asks.filter((name) => !asks.includes(name));
  const left = warnings.filter((warning) => !given.some((name) => warning.includes(`\${${name}}`)));
  return { ...clause, warnings: left, meaning: { ...meaning, asks } };
}

/** Most readings that a command names. */
const MOST_READINGS = 10;

/** A sentence for which the page has no commands. */
export function ungrounded(clause: ReadClause, grounded: Exclude<Grounded, { kind: "commands" }>): Tried {
  const { kind, reason } = grounded;
  const candidates = [...grounded.candidates];
  if (kind === "missing" && clause.meaning.kind !== "unknown")
    return { clause, outcome: "not_verified", message: `${reason}.` };
  const readings =
    candidates.length > 1 && kind === "ambiguous" ? candidates.slice(0, MOST_READINGS) : undefined;
  const unknown = { ...clause, ...notUnderstood(clause.text, { reason, ...(readings && { readings }) }) };
  return { clause: unknown, outcome: "not_understood", message: reason, candidates };
}

/** A sentence that is kept as it was understood. @param reason why it was not tried */
export function notTried(clause: ReadClause, reason: string): Tried {
  if (clause.meaning.kind === "unknown") return unread(clause);
  return { clause, outcome: "not_verified", message: untried(reason) };
}

/** The message of a sentence that was not tried. */
export function untried(reason: string): string {
  return `It was not tried: ${reason}${/[.!?]$/.test(reason) ? "" : "."}`;
}

function unread(clause: ReadClause): Tried {
  const [command] = clause.meaning.commands;
  if (command?.action !== "not_understood") return { clause, outcome: "not_understood", message: null };
  const { reason: message, readings: candidates } = command;
  return { clause, outcome: "not_understood", message, candidates };
}

/** Longest wait for the address of a page that another may be about to replace, in milliseconds. */
const ADDRESS_TIMEOUT_MS = 10_000;

/** @returns why nothing may be done on the page that is open; undefined where it may */
export async function strayedTo(
  page: Page,
  hosts: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (hosts.length === 0 || page.openDialog) return undefined;
  const soon = AbortSignal.any([signal, timeoutSignal(ADDRESS_TIMEOUT_MS)]);
  const url = await page.url(soon).catch(() => undefined);
  signal.throwIfAborted();
  if (url === undefined) return "the page did not tell its address, perhaps as another is still on its way";
  if (!/^https?:/.test(url)) return undefined;
  const { hostname } = new URL(url);
  if (refusalOfHost(hostname, hosts) === undefined) return undefined;
  return `the page went to '${hostname}', which neither the description nor ALLOWED_HOSTS names`;
}
