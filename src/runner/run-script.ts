import type { Command } from "../protocol/commands.js";
import { executorOf } from "./commands/index.js";
import { InvalidLocator, NotSatisfied } from "./find.js";
import { describeLocator } from "./locator.js";
import type { ScriptContext, ScriptOutcome } from "./ports.js";

/** Grace over a command's own wait before it is given up from outside, as when the page hangs. In milliseconds. */
const HANG_GRACE_MS = 2_000;

/** Longest time that a key stroke takes on a busy machine, in milliseconds; usually two or three. */
const KEY_STROKE_MS = 50;

/**
 * Runs commands one after the other and stops at the first that does not pass. A failed command is a result;
 * nothing but the abort of the signal is thrown.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function runScript(
  commands: readonly Command[],
  context: ScriptContext,
): Promise<ScriptOutcome> {
  for (const [index, command] of commands.entries()) {
    context.signal.throwIfAborted();
    context.onCommand(index + 1, command, command.description ?? executorOf(command).describe(command));
    const failure = await runCommand(command, context);
    if (failure) {
      const message = `${label(command, index + 1)}: ${failure.message}`;
      return { verdict: failure.verdict, message, command: index + 1 };
    }
    context.onCommandPassed(index + 1);
  }
  return { verdict: "passed" };
}

async function runCommand(
  command: Command,
  { page, signal, commandTimeoutMs, allowedHosts }: ScriptContext,
): Promise<{ verdict: "failed" | "error"; message: string } | undefined> {
  const timeoutMs = command.action === "wait" ? 0 : (waitOf(command) ?? commandTimeoutMs);
  const durationMs = timeoutMs + workOf(command);
  const deadline = AbortSignal.timeout(durationMs + HANG_GRACE_MS);
  const executor = executorOf(command);
  try {
    const commandSignal = AbortSignal.any([signal, deadline]);
    await executor.execute(command, { page, signal: commandSignal, timeoutMs, allowedHosts });
    return undefined;
  } catch (error) {
    // The run was cancelled, or its browser is gone: not this command's verdict.
    signal.throwIfAborted();
    const expected = executor.expectation(command);
    if (error instanceof NotSatisfied) {
      return {
        verdict: "failed",
        message: `expected ${expected} within ${timeoutMs / 1000} s, but ${error.message}.`,
      };
    }
    if (error instanceof InvalidLocator) {
      return { verdict: "error", message: `the locator is not valid: ${error.message}` };
    }
    if (deadline.aborted) {
      return {
        verdict: "error",
        message: `expected ${expected}, but the page did not respond within ${durationMs / 1000} s.`,
      };
    }
    return { verdict: "error", message: `expected ${expected}, but ${messageOf(error)}` };
  }
}

/** Time that a command needs by itself, however soon the page is ready, in milliseconds. */
function workOf(command: Command): number {
  if (command.action === "wait") return command.duration * 1000;
  return command.action === "input" ? command.text.length * KEY_STROKE_MS : 0;
}

function waitOf(command: Command): number | undefined {
  if (command.action === "wait" || command.timeout === undefined) return undefined;
  return command.timeout * 1000;
}

function label(command: Command, number: number): string {
  const target = "locator_type" in command ? ` on ${describeLocator(command)}` : "";
  return `Command ${number} (${command.action})${target}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
