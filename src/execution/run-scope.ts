import type { Logger } from "pino";
import type { PerformScript, ScriptScope } from "../runner/ports.js";
import type { RunLog } from "./event-log.js";
import type { RunSettings } from "./facilities.js";
import type { Gate } from "./gate.js";
import type { Observers } from "./observers/observers.js";
import type { ArtifactStore, BrowserSession } from "./ports.js";

/**
 * All that an attempt at a run works with in its browser session. It is handed down to each step and, narrowed to the
 * signal, the gate and the listener of that step, to its scripts and their commands.
 */
export interface RunScope extends Omit<ScriptScope, "gate" | "listener"> {
  runId: string;
  runLog: RunLog;
  session: BrowserSession;
  gate: Gate;
  /** Aborted when the run is to end before its time; the reason's message becomes the verdict's. */
  signal: AbortSignal;
  /** Aborted where the run ends at somebody's will: not even evidence is waited for then. */
  cancelled: AbortSignal;
  stepTimeoutMs: number;
  commandDelayMs?: RunSettings["commandDelayMs"];
  performScript: PerformScript;
  artifacts: ArtifactStore;
  observers: Observers;
  log: Logger;
}

/** The settings that scripts see. */
export function scriptSettingsOf(settings: RunSettings) {
  return {
    commandTimeoutMs: settings.commandTimeoutMs,
    readyTimeoutMs: settings.readyTimeoutMs,
    keyDelayMs: settings.keyDelayMs,
    navigationGraceMs: settings.navigationGraceMs,
    strictLocators: settings.strictLocators,
    dialogs: settings.dialogs,
    allowedHosts: settings.allowedHosts,
    uploadsDir: settings.uploadsDir,
  };
}
