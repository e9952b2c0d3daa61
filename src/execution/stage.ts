import type { Logger } from "pino";
import type { ArtifactReference, Verdict } from "../protocol/messages.js";
import type { Page, PictureTaker, ScriptContext, ScriptRunner, Variables } from "../runner/ports.js";
import { CommandHistory } from "./command-history.js";
import { Deadline } from "../async/deadline.js";
import { Evidence } from "./evidence.js";
import type { RunLog } from "./event-log.js";
import type { Gate } from "./gate.js";
import type { Stage } from "./plan.js";
import type { ArtifactStore, BrowserSession } from "./ports.js";
import type { Video, VideoMode } from "./video.js";

export interface StageContext {
  runId: string;
  runLog: RunLog;
  session: BrowserSession;
  video: Video | undefined;
  gate: Gate;
  variables: Variables;
  /** Aborted when the run is to end before its time; the reason's message is the verdict's. */
  signal: AbortSignal;
  /** Aborted when whoever may has asked for that: not even evidence is waited for then. */
  cancelled: AbortSignal;
  stepTimeoutMs: number;
  runScript: ScriptRunner;
  takePicture: PictureTaker;
  artifacts: ArtifactStore;
  settings: RunSettings;
  log: Logger;
}

export interface RunSettings {
  screenshots: "inline" | "url" | "off";
  /** Of runs that do not ask for a video or for none. */
  video: VideoMode;
  commandTimeoutMs: number;
  /** Longest deadline that a run may ask for, and the one of those that ask for none. */
  stepTimeoutMs: number;
  runTimeoutMs: number;
  /** How long a paused run may keep others waiting; `undefined`: as long as it likes. */
  pauseHoldMs?: number | undefined;
  allowedHosts: readonly string[];
  uploadsDir: string | undefined;
  /**
   * Bytes that the browser may put on this machine's disk for a run.
   * @defaultValue any number
   */
  runMaxDiskBytes?: number | undefined;
}

export interface StageResult {
  verdict: Verdict;
  errorMessage: string | null;
  executionTimeMs: number;
  artifacts: readonly ArtifactReference[];
}

/** Runs the commands of one step, those of its login first, and never throws. */
export async function runStage(stage: Stage, context: StageContext): Promise<StageResult> {
  return await new StageRun(stage, context).run();
}

class StageRun {
  readonly #stage: Stage;
  readonly #context: StageContext;
  readonly #deadline: Deadline;
  readonly #history = new CommandHistory();
  readonly #evidence: Evidence;
  /** Aborted when the script cannot go on, for whatever reason. */
  readonly #signal: AbortSignal;
  /** Number of the command that began last. */
  #command = 0;
  #underWay = "The step";
  #isInCommand = false;

  constructor(stage: Stage, context: StageContext) {
    const { session, runLog, stepTimeoutMs } = context;
    this.#stage = stage;
    this.#context = context;
    this.#deadline = new Deadline({
      limitMs: stepTimeoutMs,
      message: `The step took longer than its deadline of ${stepTimeoutMs / 1000} s.`,
    });
    this.#evidence = new Evidence({
      ...context,
      stepId: stage.step.id,
      screenshots: context.settings.screenshots,
    });
    this.#signal = AbortSignal.any([context.signal, this.#deadline.signal, session.lost, runLog.failed]);
  }

  async run(): Promise<StageResult> {
    const { commands, login = [] } = this.#stage;
    try {
      if (login.length > 0) {
        const outcome = await this.#script(login, 0);
        if (outcome.verdict !== "passed") {
          this.#history.end(outcome.command, outcome.verdict, outcome.message);
          return await this.#finish(
            "error",
            `Step 1 (Login) did not pass: ${outcome.message}`,
            outcome.command,
          );
        }
      }
      const outcome = await this.#script(commands, login.length);
      if (outcome.verdict === "passed") return await this.#finish("passed", null);
      const command = login.length + outcome.command;
      this.#history.end(command, outcome.verdict, outcome.message);
      return await this.#finish(outcome.verdict, outcome.message, command);
    } catch (error) {
      return await this.#interrupted(error);
    }
  }

  #script(commands: Stage["commands"], offset: number): ReturnType<ScriptRunner> {
    const { session, settings, variables, runLog, video } = this.#context;
    const { commandTimeoutMs, allowedHosts, uploadsDir } = settings;
    const stepId = this.#stage.step.id;
    const total = (this.#stage.login?.length ?? 0) + this.#stage.commands.length;
    return this.#context.runScript(commands, {
      page: this.#discreetPage(session.page),
      signal: this.#signal,
      commandTimeoutMs,
      allowedHosts,
      uploadsDir,
      variables,
      gate: this.#gate(),
      onCommand: (number, { action }, message) => {
        this.#command = offset + number;
        this.#isInCommand = true;
        this.#underWay = `Command ${number} (${action})`;
        this.#history.begin(this.#command, action, message);
        runLog.append({ type: "progress", step_id: stepId, step: this.#command, total, action, message });
      },
      onCommandEnded: (number, _command, failure) => {
        this.#isInCommand = false;
        this.#history.end(offset + number, failure === undefined ? "passed" : "failed", failure);
        this.#evidence.follow(offset + number);
        video?.follow();
      },
      onLog: (number, { level, message }) => {
        runLog.append({ type: "log", step_id: stepId, step: offset + number, level, message });
      },
      onArtifact: (number, artifact) => {
        this.#evidence.add(offset + number, artifact);
      },
    });
  }

  /** The run's gate, which tells the client when this step is held and stops its deadline meanwhile. */
  #gate(): ScriptContext["gate"] {
    const { gate, runLog, variables, video } = this.#context;
    const step_id = this.#stage.step.id;
    const mentionsSecrets = JSON.stringify([this.#stage.login, this.#stage.commands]).includes("${secret.");
    return {
      hold: (reason) => {
        gate.hold(reason);
      },
      pass: async (signal) => {
        // Beside the commands a picture might be taken just as the next one types a secret.
        if (mentionsSecrets || variables.used.length > 0) {
          await Promise.all([this.#evidence.settled(), video?.hold()]);
        }
        const watcher = {
          onHeld: (message: string) => {
            this.#deadline.hold();
            runLog.append({ type: "paused", step_id, step: this.#command, message });
          },
          onReleased: () => {
            this.#deadline.goOn();
            runLog.append({ type: "resumed", step_id, step: this.#command });
          },
          onTold: (message: string) => {
            runLog.append({ type: "log", step_id, step: this.#command, level: "warning", message });
          },
        };
        await gate.pass(signal, watcher, { within: this.#isInCommand });
        if (runLog.isFull) await this.#waitForRoom(signal);
      },
    };
  }

  /** A database that takes nothing for now is no fault of the step. */
  async #waitForRoom(signal: AbortSignal): Promise<void> {
    this.#deadline.hold();
    try {
      await this.#context.runLog.room(signal);
    } finally {
      this.#deadline.goOn();
    }
  }

  /** The page, but with pictures on which no secret can be read. */
  #discreetPage(page: Page): Page {
    const { takePicture, variables } = this.#context;
    const screenshot: Page["screenshot"] = (signal) => takePicture(page, variables.used, signal);
    // A proxy, for the page has private fields that an object made from it would not have.
    return new Proxy(page, {
      get(target, property) {
        if (property === "screenshot") return screenshot;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  async #interrupted(error: unknown): Promise<StageResult> {
    const { signal, session, runLog, log } = this.#context;
    const stopped = [signal, this.#deadline.signal].find(({ aborted }) => aborted);
    this.#history.end(this.#command, "error", messageOf(stopped?.reason ?? error));
    if (stopped) return await this.#finish("error", messageOf(stopped.reason), this.#command || undefined);
    if (!session.lost.aborted && !runLog.failed.aborted) log.error({ err: error }, "the runner failed");
    return await this.#finish("error", `${this.#underWay} could not be finished: ${messageOf(error)}`);
  }

  /** @param command number of the command that did not pass */
  async #finish(verdict: Verdict, errorMessage: string | null, command?: number): Promise<StageResult> {
    this.#deadline.hold();
    const { cancelled, runLog, video } = this.#context;
    const executionTimeMs = this.#deadline.elapsedMs;
    if (verdict !== "passed" && !cancelled.aborted && !runLog.failed.aborted) {
      video?.follow();
      video?.endStep();
      await this.#evidence.keep(command, this.#history.records);
    }
    video?.endStep();
    await this.#evidence.settled();
    const { artifacts } = this.#evidence;
    // Cancelled while its evidence was captured: whoever was told that the run is being stopped hears just that.
    if (cancelled.aborted) {
      return { verdict: "error", errorMessage: messageOf(cancelled.reason), executionTimeMs, artifacts };
    }
    return { verdict, errorMessage, executionTimeMs, artifacts };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
