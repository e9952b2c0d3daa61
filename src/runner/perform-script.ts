import type { Command } from "../protocol/commands.js";
import { failureAtEnd, forgetExpected } from "./end-of-script.js";
import { MAX_COMMAND_MESSAGE, performCommand } from "./perform-command.js";
import type { CommandFailure, ScriptOutcome, ScriptScope } from "./ports.js";
import { shortened } from "./shortened.js";

/** Longest message of a step, in characters: a script may have any number of commands that fail softly. */
const MAX_STEP_MESSAGE = 50_000;

interface NumberedFailure extends CommandFailure {
  number: number;
}

/**
 * Performs commands one after the other and stops at the first that does not pass, unless that is `soft`. A failed
 * command is a result; nothing but the abort of the signal is thrown.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function performScript(
  commands: readonly Command[],
  scope: ScriptScope,
): Promise<ScriptOutcome> {
  const failures: NumberedFailure[] = [];
  try {
    await performBlock(commands, failures, scope);
    await performEnd(commands, failures, scope);
  } finally {
    forgetExpected(scope);
  }
  const [first] = failures;
  const last = failures.at(-1);
  if (first === undefined || last === undefined) return { verdict: "passed" };
  const message = shortened(failures.map((failure) => failure.message).join(" "), MAX_STEP_MESSAGE);
  // Only the last failure can be an error, as an error ends the script even where its command is soft.
  return { verdict: last.verdict, message, command: first.number };
}

/** Performs the commands of one block. @param failures of the script so far; those of the block are added */
async function performBlock(
  commands: readonly Command[],
  failures: NumberedFailure[],
  scope: ScriptScope,
): Promise<void> {
  const { gate, signal, variables, listener } = scope;
  for (const [index, command] of commands.entries()) {
    const number = index + 1;
    await gate.pass(signal);
    signal.throwIfAborted();
    const reason = await performCommand(command, number, scope);
    if (reason === undefined) {
      listener.onCommandEnded(number, command);
      continue;
    }
    const { verdict } = reason;
    const message = variables.mask(shortened(reason.message, MAX_COMMAND_MESSAGE));
    const endsScript = verdict === "error" || !isSoft(command);
    const failure = { number, verdict, message, endsScript };
    failures.push(failure);
    if (!endsScript) listener.onLog(number, { level: "warning", message });
    listener.onCommandEnded(number, command, failure);
    if (endsScript) return;
  }
}

/** A script that has come to its end may have failed all the same. */
async function performEnd(
  commands: readonly Command[],
  failures: NumberedFailure[],
  scope: ScriptScope,
): Promise<void> {
  const command = commands.at(-1);
  if (command === undefined || failures.some(({ endsScript }) => endsScript)) return;
  const late = await failureAtEnd({ number: commands.length, command }, scope);
  if (late === undefined) return;
  const message = scope.variables.mask(shortened(late.message, MAX_COMMAND_MESSAGE));
  failures.push({ ...late, message, endsScript: true });
}

function isSoft(command: Command): boolean {
  return "soft" in command && command.soft === true;
}
