import { setImmediate as otherWork } from "node:timers/promises";
import type { Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { parseScript } from "../../protocol/script.js";
import { readSentence, type Clause } from "./clauses.js";
import { Marking } from "./marking.js";
import type { ClauseContext } from "./meaning.js";
import { splitPassages } from "./sentences.js";
import type { Understood } from "./steps.js";
import { capitalised, shortened } from "./words.js";

export interface ReadDescription {
  understood: Understood[];
  /** Every sentence that was not understood, or only in part. */
  warnings: string[];
}

/** Longest part of a sentence that a warning repeats, and longest description of a command, in characters. */
const MAX_SHOWN_LENGTH = 300;

/** Sentences to read before other connections have their turn. */
const SENTENCES_AT_A_TIME = 20;

/** Reads every sentence of a description. */
export async function readDescription(description: string, signal: AbortSignal): Promise<ReadDescription> {
  const marking = new Marking(description);
  const context: ClauseContext = { marking, baseUrl: marking.url(marking.text) };
  const result: ReadDescription = { understood: [], warnings: [] };
  let count = 0;
  for (const [passage, { sentences, isListItem }] of splitPassages(marking.text).entries()) {
    for (const sentence of sentences) {
      if (count % SENTENCES_AT_A_TIME === 0) await otherWork(undefined, { signal });
      count += 1;
      for (const clause of readSentence(sentence, context))
        addClause(result, clause, { passage, isListItem });
    }
  }
  return result;
}

function addClause(
  { understood, warnings }: ReadDescription,
  { text, meaning }: Clause,
  place: { passage: number; isListItem: boolean },
): void {
  if (meaning.kind === "problem") {
    warnings.push(notUnderstood(text, meaning.reason));
    return;
  }
  try {
    const commands = checked(text, meaning.commands);
    understood.push({ text, meaning: { ...meaning, commands }, ...place });
    warnings.push(
      ...(meaning.warnings ?? []).map((warning) => `Understood in part: ${inQuotes(text)}: ${warning}`),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The sentence is clear, but no script may hold its command, such as one with Python as its value or a bad URL.
    warnings.push(notUnderstood(text, error.message));
  }
}

/** The commands as a script may hold them, each with a description. */
function checked(text: string, commands: Script): Script {
  const described = commands.map((command) => ({
    ...command,
    description: shortened(command.description ?? capitalised(text), MAX_SHOWN_LENGTH),
  }));
  return parseScript(described);
}

function notUnderstood(text: string, reason: string | undefined): string {
  return `Not understood: ${inQuotes(text)}${reason === undefined ? "." : `: ${reason}${/[.!?]$/.test(reason) ? "" : "."}`}`;
}

function inQuotes(text: string): string {
  return `“${shortened(text, MAX_SHOWN_LENGTH)}”`;
}
