import type { Command } from "../../src/protocol/commands.js";
import type {
  LogEntry,
  Page,
  RunGate,
  ScriptArtifact,
  ScriptContext,
  ScriptOutcome,
} from "../../src/runner/ports.js";
import { runScript } from "../../src/runner/run-script.js";
import { RunVariables } from "../../src/runner/variables.js";

/** What a script told while it ran. */
export interface ScriptRecord {
  /** Messages of `onCommand`, in order. */
  messages: string[];
  /** Numbers of the commands that ended without stopping the script, with why they failed softly. */
  ended: [number: number, failure: string | undefined][];
  logs: LogEntry[];
  artifacts: ScriptArtifact[];
}

/** A gate that lets everything pass. */
export const OPEN_GATE: RunGate = { pass: () => Promise.resolve(), hold: () => undefined };

/** All that a script needs beside its commands: real variables, an open gate, and a record of what it tells. */
export function scriptContext(
  page: Page,
  overrides: Partial<ScriptContext> = {},
): { context: ScriptContext; record: ScriptRecord } {
  const record: ScriptRecord = { messages: [], ended: [], logs: [], artifacts: [] };
  const context: ScriptContext = {
    page,
    signal: new AbortController().signal,
    commandTimeoutMs: 5_000,
    allowedHosts: [],
    uploadsDir: undefined,
    variables: new RunVariables({ env: {}, secrets: {} }),
    gate: OPEN_GATE,
    onCommand: (_number, _command, message) => record.messages.push(message),
    onCommandEnded: (number, _command, failure) => record.ended.push([number, failure]),
    onLog: (_number, entry) => record.logs.push(entry),
    onArtifact: (_number, artifact) => record.artifacts.push(artifact),
    ...overrides,
  };
  return { context, record };
}

/** Runs commands as one script. */
export async function runCommands(
  page: Page,
  commands: readonly Command[],
  overrides: Partial<ScriptContext> = {},
): Promise<ScriptRecord & { outcome: ScriptOutcome }> {
  const { context, record } = scriptContext(page, overrides);
  return { outcome: await runScript(commands, context), ...record };
}
