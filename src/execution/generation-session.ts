import type { Deadline } from "../async/deadline.js";
import type { Script } from "../protocol/commands.js";
import type { RunGate, ScriptListener, ScriptOutcome, SessionMemory, Variables } from "../runner/ports.js";
import { stepDeadline } from "./deadlines.js";
import type { RunFacilities } from "./facilities.js";
import { ArtifactKeeper } from "./observers/artifact-keeper.js";
import { mediaTypeOf } from "./observers/media-type.js";
import {
  StepTimeoutError,
  type BrowserSession,
  type GenerationRun,
  type GenerationSession,
  type GenerationStep,
  type TakenPicture,
} from "./ports.js";
import type { QueuedGeneration } from "./queued-run.js";
import { scriptSettingsOf } from "./run-scope.js";
import { tellingOf } from "./step-gate.js";

interface SessionParts {
  run: GenerationRun;
  queued: QueuedGeneration;
  facilities: RunFacilities;
  session: BrowserSession;
  variables: Variables;
  /** Commands that have begun in the sessions of the run. */
  commands: { begun: number };
  /** Aborted when the run is to end or the browser session is lost. */
  signal: AbortSignal;
}

/** A browser session of a generation: its commands pass the gate, its steps have deadlines, as those of a run do. */
export class LiveGenerationSession implements GenerationSession {
  readonly runId: string;
  readonly page: BrowserSession["page"];
  readonly variables: Variables;
  readonly environment: GenerationSession["environment"];
  readonly signal: AbortSignal;
  readonly #parts: SessionParts;
  readonly #memory: SessionMemory = {};
  readonly #keeper: ArtifactKeeper;

  constructor(parts: SessionParts) {
    const { run, queued, facilities, session, variables, signal } = parts;
    this.runId = run.runId;
    this.page = session.page;
    this.variables = variables;
    this.environment = run.environment;
    this.signal = signal;
    this.#parts = parts;
    this.#keeper = new ArtifactKeeper({
      runId: run.runId,
      session,
      cancelled: queued.cancelled,
      artifacts: facilities.artifacts,
      log: queued.log,
    });
  }

  tell(...told: Parameters<GenerationSession["tell"]>): void {
    this.#parts.run.tell(...told);
  }

  async step<T>(work: (step: GenerationStep) => Promise<T>): Promise<T> {
    const deadline = stepDeadline(this.#parts.queued.limits);
    const signal = AbortSignal.any([this.signal, deadline.signal]);
    try {
      return await work({
        signal,
        perform: (commands, hosts) => this.#perform(commands, { hosts, deadline, signal }),
        takePicture: () => this.#takePicture(),
      });
    } catch (error) {
      // The end of the run says more than that of its step.
      this.signal.throwIfAborted();
      if (!deadline.signal.aborted) throw error;
      throw new StepTimeoutError((deadline.signal.reason as Error).message);
    } finally {
      deadline.hold();
    }
  }

  #perform(
    commands: Script,
    { hosts, deadline, signal }: { hosts: readonly string[]; deadline: Deadline; signal: AbortSignal },
  ): Promise<ScriptOutcome> {
    const { facilities } = this.#parts;
    return facilities.performScript(commands, {
      ...scriptSettingsOf(facilities.settings),
      allowedHosts: hosts,
      baseUrl: this.environment?.baseUrl ?? undefined,
      page: this.page,
      signal,
      variables: this.variables,
      memory: this.#memory,
      takePicture: (until, part) => facilities.takePicture(this.page, this.variables.used, until, part),
      gate: this.#gateFor(deadline),
      listener: this.#listener,
    });
  }

  #gateFor(deadline: Deadline): RunGate {
    const { commands, queued } = this.#parts;
    const { gate, runLog } = queued;
    const watcher = tellingOf(runLog, deadline, () => ({ step_id: null, step: commands.begun }));
    return {
      hold: (reason) => {
        gate.hold(reason);
      },
      pass: async (signal) => {
        await gate.pass(signal, watcher);
        if (runLog.isFull) await runLog.room(signal);
      },
    };
  }

  get #listener(): ScriptListener {
    const { commands, queued } = this.#parts;
    return {
      onCommandBegun: () => {
        commands.begun++;
      },
      onCommandEnded: () => undefined,
      onLog: (_number, { level, message }) => {
        queued.runLog.append({ type: "log", step_id: null, step: commands.begun, level, message });
      },
      // A command that keeps something is only tried here: its run will keep it.
      onArtifact: () => undefined,
    };
  }

  async #takePicture(): Promise<TakenPicture | undefined> {
    const { facilities } = this.#parts;
    // A page that a dialog blocks paints nothing.
    if (facilities.settings.screenshots === "off" || this.page.openDialog) return undefined;
    const keeper = this.#keeper;
    return await keeper.capture("screenshot", keeper.pageGone, async (signal) => {
      const bytes = await facilities.takePicture(this.page, this.variables.used, signal);
      const picture = { stepId: null, kind: "screenshot", mediaType: mediaTypeOf(bytes), bytes } as const;
      return { url: await keeper.save(picture), bytes };
    });
  }
}
