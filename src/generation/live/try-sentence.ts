import { timeoutSignal } from "../../async/timeout-signal.js";
import { refusalOfHost } from "../../hosts/allowed-hosts.js";
import type { GenerationStep } from "../../execution/ports.js";
import type { SentenceOutcome } from "../../protocol/verification.js";
import type { Page } from "../../runner/ports.js";
import { opens, type ReadClause } from "../plain-english/steps.js";

/** A sentence with what came of it on the page. */
export interface Tried {
  /** With the commands that the script gets. */
  clause: ReadClause;
  outcome: SentenceOutcome;
  /** Why it is not verified or not understood. */
  message: string | null;
  candidates?: string[] | undefined;
}

export interface Surroundings {
  page: Page;
  step: GenerationStep;
  /** The hosts that may be opened; empty: every host. */
  hosts: readonly string[];
}

/**
 * Does what a sentence says on the page as it is now. Nothing but the sentence's own words says what is done.
 *
 * @throws the reason of the step's signal once it is aborted
 */
export async function trySentence(clause: ReadClause, surroundings: Surroundings): Promise<Tried> {
  const { page, step, hosts } = surroundings;
  const strayed = opens(clause) ? undefined : await strayedTo(page, hosts, step.signal);
  if (strayed !== undefined) return notTried(clause, strayed);
  if (clause.meaning.kind === "unknown") return notUnderstood(clause);
  const outcome = await step.perform(clause.meaning.commands, hosts);
  if (outcome.verdict === "passed") return { clause, outcome: "verified", message: null };
  return { clause, outcome: "not_verified", message: outcome.message };
}

/** A sentence that is kept as it was understood. @param reason why it was not tried */
export function notTried(clause: ReadClause, reason: string): Tried {
  if (clause.meaning.kind === "unknown") return notUnderstood(clause);
  return { clause, outcome: "not_verified", message: `It was not tried: ${reason}` };
}

function notUnderstood(clause: ReadClause): Tried {
  const [command] = clause.meaning.commands;
  if (command?.action !== "not_understood") return { clause, outcome: "not_understood", message: null };
  const { reason: message, readings: candidates } = command;
  return { clause, outcome: "not_understood", message, candidates };
}

/** Longest wait for the address of a page that another may be about to replace, in milliseconds. */
const ADDRESS_TIMEOUT_MS = 10_000;

/** @returns why nothing may be done on the page that is open; undefined where it may */
async function strayedTo(
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
