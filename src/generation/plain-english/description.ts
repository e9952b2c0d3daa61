import { setImmediate as otherWork } from "node:timers/promises";
import type { Command, Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { parseScript } from "../../protocol/script.js";
import { readSentence, type Clause } from "./clauses.js";
import { Marking } from "./marking.js";
import type { ClauseContext, Problem } from "./meaning.js";
import { splitPassages } from "./sentences.js";
import type { ReadClause } from "./steps.js";
import { capitalised, shortened } from "./words.js";

/** Longest part of a sentence that a warning repeats, and longest description of a command, in characters. */
const MAX_SHOWN_LENGTH = 300;

/** Sentences to read before other connections have their turn. */
const SENTENCES_AT_A_TIME = 20;

/**
 * Reads every sentence of a description. Each of its words is in one of the clauses.
 *
 * @param startUrl the page that paths are on where the description names none
 */
export async function readDescription(
  description: string,
  signal: AbortSignal,
  startUrl?: string,
): Promise<ReadClause[]> {
  const marking = new Marking(description);
  const context: ClauseContext = { marking, baseUrl: marking.url(marking.text) ?? startUrl };
  const clauses: ReadClause[] = [];
  let count = 0;
  for (const [passage, { sentences, isListItem }] of splitPassages(marking.text).entries()) {
    for (const sentence of sentences) {
      if (count % SENTENCES_AT_A_TIME === 0) await otherWork(undefined, { signal });
      count += 1;
      for (const clause of readSentence(sentence, context)) {
        clauses.push({ ...read(clause), text: clause.text, passage, isListItem });
      }
    }
  }
  return clauses;
}

function read({ text, meaning }: Clause): Pick<ReadClause, "meaning" | "warnings"> {
  if (meaning.kind === "problem") return notUnderstood(text, meaning);
  try {
    const commands = checked(text, meaning.commands);
    return {
      meaning: { ...meaning, commands },
      warnings: (meaning.asks ?? []).map((name) => asking(text, name)),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The sentence is clear, but no script may hold its command, such as one with Python as its value or a bad URL.
    return notUnderstood(text, { reason: error.message });
  }
}

function asking(text: string, variable: string): string {
  return `${inQuotes(text)} does not tell the value: give \${${variable}} one, or put the value in quotation marks.`;
}

/** The commands as a script may hold them, each with a description. */
export function checked(text: string, commands: Script): Script {
  const described = commands.map((command) => ({
    ...command,
    description: shortened(command.description ?? capitalised(text), MAX_SHOWN_LENGTH),
  }));
  return parseScript(described);
}

/** The command that stands where the sentence stood, and never passes. */
export function notUnderstood(
  text: string,
  { reason, readings }: Pick<Problem, "reason" | "readings">,
): Pick<ReadClause, "meaning" | "warnings"> {
  const told = reason === undefined ? "" : `: ${reason}${/[.!?]$/.test(reason) ? "" : "."}`;
  const command: Command = {
    action: "not_understood",
    text: asWritten(shortened(text, MAX_SHOWN_LENGTH)),
    reason: asWritten(shortened(reason ?? "no command says this", MAX_REASON_LENGTH)),
    ...(readings && { readings: readings.map((one) => asWritten(shortened(one, MAX_SHOWN_LENGTH))) }),
  };
  return {
    meaning: { kind: "unknown", commands: [command] },
    warnings: [`Not understood: ${inQuotes(text)}${told === "" ? "." : told}`],
  };
}

/** Words that are shown to people have no places to fill in. */
function asWritten(text: string): string {
  return text.replaceAll("${", "$${");
}

const MAX_REASON_LENGTH = 2_000;

function inQuotes(text: string): string {
  return `“${shortened(text, MAX_SHOWN_LENGTH)}”`;
}
