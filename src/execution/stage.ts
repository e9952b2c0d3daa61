import type { Logger } from "pino";
import type { ArtifactReference, Verdict } from "../protocol/messages.js";
import type { ScriptOutcome, ScriptRunner } from "../runner/ports.js";
import { Evidence } from "./evidence.js";
import type { RunLog } from "./event-log.js";
import type { Stage } from "./plan.js";
import type { ArtifactStore, BrowserSession } from "./ports.js";

export interface StageContext {
  runId: string;
  runLog: RunLog;
  session: BrowserSession;
  /** Aborted when the run is to end before its time; the reason's message is the verdict's. */
  signal: AbortSignal;
  runScript: ScriptRunner;
  artifacts: ArtifactStore;
  settings: RunSettings;
  log: Logger;
}

export interface RunSettings {
  screenshots: "inline" | "url" | "off";
  commandTimeoutMs: number;
  allowedHosts: readonly string[];
}

export interface StageResult {
  verdict: Verdict;
  errorMessage: string | null;
  executionTimeMs: number;
  artifacts: readonly ArtifactReference[];
}

/** Runs the commands of one step, those of its login first, and never throws. */
export async function runStage(stage: Stage, context: StageContext): Promise<StageResult> {
  const { session, runLog, log } = context;
  const stepId = stage.step.id;
  const evidence = new Evidence({ ...context, stepId, screenshots: context.settings.screenshots });
  const signal = AbortSignal.any([context.signal, session.lost, runLog.failed]);
  const loginLength = stage.login?.length ?? 0;
  const total = loginLength + stage.commands.length;
  const started = performance.now();
  let underWay = "The step";

  const run = (commands: Stage["commands"], offset: number): Promise<ScriptOutcome> =>
    context.runScript(commands, {
      page: session.page,
      signal,
      commandTimeoutMs: context.settings.commandTimeoutMs,
      allowedHosts: context.settings.allowedHosts,
      onCommand: (number, { action }, message) => {
        underWay = `Command ${number} (${action})`;
        const step = offset + number;
        runLog.append({ type: "progress", step_id: stepId, step, total, action, message });
      },
      onCommandPassed: (number) => {
        evidence.follow(offset + number);
      },
    });

  const finish = async (
    verdict: Verdict,
    errorMessage: string | null,
    command?: number,
  ): Promise<StageResult> => {
    const executionTimeMs = Math.round(performance.now() - started);
    if (verdict !== "passed" && !signal.aborted) await evidence.keep(command);
    await evidence.settled();
    return { verdict, errorMessage, executionTimeMs, artifacts: evidence.artifacts };
  };

  try {
    if (stage.login) {
      const login = await run(stage.login, 0);
      if (login.verdict !== "passed") {
        return await finish("error", `Step 1 (Login) did not pass: ${login.message}`, login.command);
      }
    }
    const outcome = await run(stage.commands, loginLength);
    if (outcome.verdict === "passed") return await finish("passed", null);
    return await finish(outcome.verdict, outcome.message, loginLength + outcome.command);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (context.signal.aborted) return await finish("error", reason);
    if (!session.lost.aborted) log.error({ err: error }, "the runner failed");
    return await finish("error", `${underWay} could not be finished: ${reason}`);
  }
}
