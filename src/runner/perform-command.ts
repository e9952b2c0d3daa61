import { readCommand } from "../protocol/command-issues.js";
import type { Command } from "../protocol/commands.js";
import { timeoutSignal } from "../async/timeout-signal.js";
import { executorOf } from "./commands/index.js";
import { describeCommand } from "./describe-command.js";
import { clearTheWay, unexpectedDialog } from "./dialogs.js";
import { noteBefore } from "./evidence.js";
import type { CommandContext } from "./executor.js";
import { explainFailure, type Failure } from "./failure.js";
import { fillInCommand } from "./fill-in.js";
import { describeLocator } from "./locator.js";
import { targetIn } from "./optional-target.js";
import { keepToHosts, refuseMisuse } from "./secrets/rules.js";
import { UnknownVariable, type ScriptScope } from "./ports.js";
import { shortened } from "./shortened.js";

/** Grace over a command's own wait before it is given up from outside, as when the page hangs. In milliseconds. */
const HANG_GRACE_MS = 2_000;

/** Longest message of a command, in characters: a page may have a text of any length. */
export const MAX_COMMAND_MESSAGE = 10_000;

/**
 * Fills in the places of a command, tells of it and executes it.
 *
 * @param number of the command in its script
 * @returns why the command did not pass, naming it
 * @throws the reason of the script's signal once that is aborted.
 */
export async function performCommand(
  command: Command,
  number: number,
  scope: ScriptScope,
): Promise<Failure | undefined> {
  const filled = fillIn(command, scope);
  const announced = filled.command ?? command;
  scope.listener.onCommandBegun(number, command, scope.variables.mask(describeCommand(announced)));
  const failure = filled.command
    ? await executeFilled(filled.command, { number, written: command }, scope)
    : filled.failure;
  return failure && { ...failure, message: `${label(announced, number)}: ${failure.message}` };
}

type FilledIn = { command: Command } | { command?: undefined; failure: Failure };

/** Fills in the placeholders and checks again whether the fields are valid. */
function fillIn(command: Command, { variables }: ScriptScope): FilledIn {
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

/** A command in its script, with its places as they were before they were filled in. */
interface WrittenCommand {
  number: number;
  written: Command;
}

async function executeFilled(
  command: Command,
  origin: WrittenCommand,
  scope: ScriptScope,
): Promise<Failure | undefined> {
  const { page, signal, variables, memory } = scope;
  const executor = executorOf(command);
  const timeoutMs = waitOf(command) ?? scope.commandTimeoutMs;
  const durationMs = timeoutMs + (executor.workMs?.(command, scope) ?? 0);
  const deadline =
    durationMs === Infinity ? new AbortController().signal : timeoutSignal(durationMs + HANG_GRACE_MS);
  const limits = { signal: AbortSignal.any([signal, deadline]), timeoutMs };
  const context = contextOf(origin, limits, scope);
  try {
    const early = unexpectedDialog(scope);
    if (early !== undefined) return { verdict: "failed", message: `${early}.` };
    if (!executor.leavesDialogs) await clearTheWay(context);
    if (origin.written !== command) {
      refuseMisuse(origin.written, variables);
      await keepToHosts(origin.written, context);
    }
    if (executor.leavesFrames) scope.memory.frames = undefined;
    if (executor.acts) noteBefore(command.action, scope);
    await executor.execute(command, context);
    if (executor.leavesPage && page.openDialog?.kind === "beforeunload") memory.leaving = page.openDialog;
    const late = unexpectedDialog(scope);
    return late === undefined ? undefined : { verdict: "failed", message: `${late}.` };
  } catch (error) {
    // The run was cancelled, or its browser is gone: not this command's verdict.
    signal.throwIfAborted();
    memory.failedBy = page.openDialog;
    const expected = executor.expectation(command);
    const seconds = executor.atOnce ? undefined : timeoutMs / 1000;
    return explainFailure(error, {
      expected,
      seconds,
      hungAfter: deadline.aborted ? durationMs / 1000 : undefined,
      openDialog: page.openDialog,
      pendingNavigation: page.pendingNavigation,
    });
  }
}

function contextOf(
  { number, written }: WrittenCommand,
  { signal, timeoutMs }: Pick<CommandContext, "signal" | "timeoutMs">,
  scope: ScriptScope,
): CommandContext {
  const { variables, listener } = scope;
  return {
    page: scope.page,
    signal,
    timeoutMs,
    readyTimeoutMs: scope.readyTimeoutMs,
    keyDelayMs: scope.keyDelayMs,
    number,
    strictLocators: scope.strictLocators,
    navigationGraceMs: scope.navigationGraceMs,
    allowedHosts: scope.allowedHosts,
    baseUrl: scope.baseUrl,
    uploadsDir: scope.uploadsDir,
    variables,
    memory: scope.memory,
    dialogs: scope.dialogs,
    takePicture: scope.takePicture,
    baselines: scope.baselines,
    gate: scope.gate,
    secretsOf: (field) => {
      const value = (written as Record<string, unknown>)[field]; // Any object's fields can be read so.
      return typeof value === "string" ? variables.secretsOf(value) : [];
    },
    log: ({ level, message }) => {
      listener.onLog(number, { level, message: variables.mask(shortened(message, MAX_COMMAND_MESSAGE)) });
    },
    keep: (artifact) => listener.onArtifact(number, maskName(artifact, scope)),
  };
}

function maskName<A extends { name: string | undefined }>(artifact: A, { variables }: ScriptScope): A {
  return artifact.name === undefined ? artifact : { ...artifact, name: variables.mask(artifact.name) };
}

function waitOf(command: Command): number | undefined {
  return "timeout" in command && command.timeout !== undefined ? command.timeout * 1000 : undefined;
}

function label(command: Command, number: number): string {
  const target = "locator_type" in command ? targetIn(command) : undefined;
  return `Command ${number} (${command.action})${target ? ` on ${describeLocator(target)}` : ""}`;
}
