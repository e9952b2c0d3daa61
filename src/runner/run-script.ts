import { readCommand } from "../protocol/command-issues.js";
import type { Command } from "../protocol/commands.js";
import { timeoutSignal } from "../async/timeout-signal.js";
import { executorOf } from "./commands/index.js";
import { dismissForgotten, unexpectedDialog } from "./dialogs.js";
import type { CommandContext } from "./executor.js";
import { explainFailure, type Failure } from "./failure.js";
import { fillInCommand } from "./fill-in.js";
import { describeLocator } from "./locator.js";
import { targetIn } from "./optional-target.js";
import { keepToHosts, refuseMisuse } from "./secrets/rules.js";
import { UnknownVariable, type ScriptContext, type ScriptOutcome } from "./ports.js";

/** Grace over a command's own wait before it is given up from outside, as when the page hangs. In milliseconds. */
const HANG_GRACE_MS = 2_000;

/** Longest message of a command and of a step, in characters: what a page says may be of any length. */
const MAX_COMMAND_MESSAGE = 10_000;
const MAX_STEP_MESSAGE = 50_000;

/**
 * Runs commands one after the other and stops at the first that does not pass, unless that is `soft`. A failed
 * command is a result; nothing but the abort of the signal is thrown.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function runScript(
  commands: readonly Command[],
  context: ScriptContext,
): Promise<ScriptOutcome> {
  const failures: { message: string; command: number }[] = [];
  const outcome = (verdict: "failed" | "error"): ScriptOutcome => {
    const message = shortened(failures.map((failure) => failure.message).join(" "), MAX_STEP_MESSAGE);
    return { verdict, message, command: failures[0]?.command ?? 1 };
  };
  for (const [index, command] of commands.entries()) {
    const number = index + 1;
    await context.gate.pass(context.signal);
    context.signal.throwIfAborted();
    const failure = await runCommand(command, number, context);
    if (failure === undefined) {
      context.onCommandEnded(number, command);
      continue;
    }
    const message = context.variables.mask(shortened(failure.message, MAX_COMMAND_MESSAGE));
    failures.push({ message, command: number });
    if (failure.verdict === "error" || !isSoft(command)) return outcome(failure.verdict);
    context.onLog(number, { level: "warning", message });
    context.onCommandEnded(number, command, message);
  }
  return failures.length === 0 ? { verdict: "passed" } : outcome("failed");
}

/** @returns why the command did not pass, naming it */
async function runCommand(
  command: Command,
  number: number,
  context: ScriptContext,
): Promise<Failure | undefined> {
  const filled = fillIn(command, context);
  const announced = filled.command ?? command;
  const message = announced.description ?? executorOf(announced).describe(announced);
  context.onCommand(number, command, context.variables.mask(message));
  const failure = filled.command
    ? await execute(filled.command, { number, written: command }, context)
    : filled.failure;
  return failure && { ...failure, message: `${label(announced, number)}: ${failure.message}` };
}

type FilledIn = { command: Command } | { command?: undefined; failure: Failure };

/** Fills in the placeholders and looks again whether the fields may be so. */
function fillIn(command: Command, { variables }: ScriptContext): FilledIn {
  try {
    const filled = fillInCommand(command, variables);
    if (filled === command) return { command };
    const read = readCommand(filled.action, filled);
    if ("command" in read) return read;
    return { failure: { verdict: "error", message: `with its variables filled in it ${read.wrong}` } };
  } catch (error) {
    if (!(error instanceof UnknownVariable)) throw error;
    return { failure: { verdict: "error", message: `${error.message}.` } };
  }
}

/** @param written the command with its places, as they were before they were filled in */
async function execute(
  command: Command,
  { number, written }: { number: number; written: Command },
  context: ScriptContext,
): Promise<Failure | undefined> {
  const { page, signal, variables, allowedHosts, uploadsDir, gate } = context;
  const executor = executorOf(command);
  const timeoutMs = waitOf(command) ?? context.commandTimeoutMs;
  const durationMs = timeoutMs + (executor.workMs?.(command) ?? 0);
  const deadline =
    durationMs === Infinity ? new AbortController().signal : timeoutSignal(durationMs + HANG_GRACE_MS);
  const commandContext: CommandContext = {
    page,
    signal: AbortSignal.any([signal, deadline]),
    timeoutMs,
    allowedHosts,
    uploadsDir,
    variables,
    secretsOf: (field) => {
      const value = (written as Record<string, unknown>)[field]; // Any object's fields can be read so.
      return typeof value === "string" ? variables.secretsOf(value) : [];
    },
    gate,
    log: ({ level, message }) => {
      context.onLog(number, { level, message: variables.mask(shortened(message, MAX_COMMAND_MESSAGE)) });
    },
    keep: (artifact) => context.onArtifact(number, maskName(artifact, context)),
  };
  try {
    const early = unexpectedDialog(context);
    if (early !== undefined) return { verdict: "failed", message: `${early}.` };
    if (!executor.leavesDialogs) await dismissForgotten(commandContext);
    if (written !== command) {
      refuseMisuse(written, variables);
      await keepToHosts(written, commandContext);
    }
    await executor.execute(command, commandContext);
    const late = unexpectedDialog(context);
    return late === undefined ? undefined : { verdict: "failed", message: `${late}.` };
  } catch (error) {
    // The run was cancelled, or its browser is gone: not this command's verdict.
    signal.throwIfAborted();
    const expected = executor.expectation(command);
    const seconds = executor.atOnce ? undefined : timeoutMs / 1000;
    return explainFailure(error, {
      expected,
      seconds,
      hungAfter: deadline.aborted ? durationMs / 1000 : undefined,
      openDialog: page.openDialog,
    });
  }
}

function maskName<A extends { name: string | undefined }>(artifact: A, { variables }: ScriptContext): A {
  return artifact.name === undefined ? artifact : { ...artifact, name: variables.mask(artifact.name) };
}

function shortened(message: string, length: number): string {
  return message.length > length ? `${message.slice(0, length)}…` : message;
}

function waitOf(command: Command): number | undefined {
  return "timeout" in command && command.timeout !== undefined ? command.timeout * 1000 : undefined;
}

function isSoft(command: Command): boolean {
  return "soft" in command && command.soft === true;
}

function label(command: Command, number: number): string {
  const target = "locator_type" in command ? targetIn(command) : undefined;
  return `Command ${number} (${command.action})${target ? ` on ${describeLocator(target)}` : ""}`;
}
