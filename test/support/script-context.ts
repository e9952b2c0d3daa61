import type { Command } from "../../src/protocol/commands.js";
import { performScript } from "../../src/runner/perform-script.js";
import type {
  LogEntry,
  Page,
  RunGate,
  ScriptArtifact,
  ScriptListener,
  ScriptOutcome,
  ScriptScope,
} from "../../src/runner/ports.js";
import { RunVariables } from "../../src/runner/variables.js";

/** Everything that a script told while it ran. */
export interface ScriptRecord {
  /** Messages of the commands, in order. */
  messages: string[];
  /** Numbers of the commands that ended without stopping the script, with why they failed softly. */
  ended: [number: number, failure: string | undefined][];
  logs: LogEntry[];
  artifacts: ScriptArtifact[];
}

/** What a test gives a script instead of the usual; a listener's method takes the place of the record's. */
export type ScriptOverrides = Partial<Omit<ScriptScope, "listener"> & ScriptListener>;

/** A gate that lets everything pass. */
export const OPEN_GATE: RunGate = { pass: () => Promise.resolve(), hold: () => undefined };

/** All that a script needs beside its commands: real variables, an open gate, and a record of what it tells. */
export function scriptScope(
  page: Page,
  { onCommandBegun, onCommandEnded, onLog, onArtifact, ...overrides }: ScriptOverrides = {},
): { scope: ScriptScope; record: ScriptRecord } {
  const record: ScriptRecord = { messages: [], ended: [], logs: [], artifacts: [] };
  const scope: ScriptScope = {
    page,
    signal: new AbortController().signal,
    commandTimeoutMs: 5_000,
    allowedHosts: [],
    uploadsDir: undefined,
    variables: new RunVariables({ env: {}, secrets: {} }),
    memory: {},
    dialogs: "fail",
    takePicture: (signal, part) =>
      part === undefined ? page.screenshot(signal) : page.pictures.lossless(part, signal),
    gate: OPEN_GATE,
    listener: {
      onCommandBegun: onCommandBegun ?? ((_number, _command, message) => record.messages.push(message)),
      onCommandEnded:
        onCommandEnded ??
        ((number, _command, failure) => {
          if (failure?.endsScript !== true) record.ended.push([number, failure?.message]);
        }),
      onLog: onLog ?? ((_number, entry) => record.logs.push(entry)),
      onArtifact: onArtifact ?? ((_number, artifact) => record.artifacts.push(artifact)),
    },
    ...overrides,
  };
  return { scope, record };
}

/** Runs commands as one script. */
export async function runCommands(
  page: Page,
  commands: readonly Command[],
  overrides: ScriptOverrides = {},
): Promise<ScriptRecord & { outcome: ScriptOutcome }> {
  const { scope, record } = scriptScope(page, overrides);
  return { outcome: await performScript(commands, scope), ...record };
}
