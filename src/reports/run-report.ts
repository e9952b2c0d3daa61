import type { StoredRun, StoredTestCase } from "../cases/ports.js";
import type { ArtifactKind, RunEvent, Verdict } from "../protocol/messages.js";
import { ArtifactPlaces } from "./artifact-places.js";

/** Something that was kept of a run, and where to read it. */
export interface ReportedArtifact {
  kind: ArtifactKind;
  name: string | null;
  /** Path on this server. */
  url: string;
}

export interface ReportedCommand {
  /** 1-based; the commands of a prepended login come first. */
  number: number;
  /** Commands of its step in all. */
  total: number;
  action: string;
  /** Its effect, in words. */
  message: string;
  startedAt: string;
  /** Until the next command or the verdict, in milliseconds; null while it is under way. */
  durationMs: number | null;
  /** Paths of pictures of the page after it. */
  pictures: string[];
  logs: { level: "info" | "warning"; message: string }[];
  artifacts: ReportedArtifact[];
}

export interface ReportedStep {
  id: number;
  /** Its number in the case; undefined for a step that was deleted since. */
  number: number | undefined;
  description: string;
  expectedResult: string;
  status: Verdict | "skipped" | "running";
  /** The difference between what was seen and what was expected, or the reason why it could not be judged. */
  errorMessage: string | null;
  /** ISO 8601; undefined for a step that was skipped. */
  startedAt: string | undefined;
  /** Null while it is under way. */
  durationMs: number | null;
  /** Passed, but not at the first attempt. */
  flaky: boolean;
  /** Number of its commands that check something; undefined while it is under way. */
  checks: number | undefined;
  /** The commands of its last attempt. */
  commands: ReportedCommand[];
  /** Pictures and records of the moment at which it did not pass. */
  evidence: ReportedArtifact[];
}

/** An attempt that did not pass, before another was made. */
export interface FailedAttempt {
  attempt: number;
  status: Verdict;
  errorMessage: string;
  evidence: ReportedArtifact[];
}

/** A run as people and reports show it. */
export interface RunReport {
  run: StoredRun;
  testCase: StoredTestCase;
  /** In the order in which they began. */
  steps: ReportedStep[];
  failedAttempts: FailedAttempt[];
  /** Path of the run's video. */
  video: string | undefined;
  places: ArtifactPlaces;
}

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/**
 * Folds the events of a run, which tell everything that it did, into a report.
 *
 * @param events all events of the run so far, in order
 */
export async function reportOf(
  run: StoredRun,
  testCase: StoredTestCase,
  events: AsyncIterable<readonly RunEvent[]>,
): Promise<RunReport> {
  const fold = new ReportFold(testCase);
  const places = new ArtifactPlaces();
  for await (const batch of events) {
    for (const event of batch) {
      fold.take(event);
      places.take(event);
    }
  }
  const { steps, failedAttempts, video } = fold;
  return { run, testCase, steps: [...steps.values()], failedAttempts, video, places };
}

class ReportFold {
  readonly steps = new Map<number, ReportedStep>();
  readonly failedAttempts: FailedAttempt[] = [];
  video: string | undefined;
  readonly #testCase: StoredTestCase;
  /** The beginning of the step under way, in milliseconds since the epoch. */
  #began = 0;
  /** The command under way, and when it began, in milliseconds since the epoch. */
  #current: { command: ReportedCommand; began: number } | undefined;

  constructor(testCase: StoredTestCase) {
    this.#testCase = testCase;
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case "execution_started":
        this.#began = Date.parse(event.ts);
        this.#step(event.step_id).startedAt = event.ts;
        break;
      case "progress":
        this.#begin(event);
        break;
      case "screenshot":
        this.#commandOf(event)?.pictures.push(event.url);
        break;
      case "artifact":
        this.#keep(event);
        break;
      case "log":
        this.#commandOf(event)?.logs.push({ level: event.level, message: event.message });
        break;
      case "attempt_failed":
        this.#failAttempt(event);
        break;
      case "execution_complete":
        this.#complete(event);
        break;
      default:
    }
  }

  #step(id: number): ReportedStep {
    const known = this.steps.get(id);
    if (known !== undefined) return known;
    const stored = this.#testCase.steps.find((step) => step.id === id);
    const step: ReportedStep = {
      id,
      number: stored?.stepNumber,
      description: stored?.description ?? "A step that was deleted",
      expectedResult: stored?.expectedResult ?? "",
      status: "running",
      errorMessage: null,
      startedAt: undefined,
      durationMs: null,
      flaky: false,
      checks: undefined,
      commands: [],
      evidence: [],
    };
    this.steps.set(id, step);
    return step;
  }

  #begin({ step_id, step: number, total, action, message, ts }: EventOf<"progress">): void {
    this.#end(Date.parse(ts));
    // "Initializing browser..." belongs to no command.
    if (number === 0) return;
    const kept = { pictures: [], logs: [], artifacts: [] };
    const command = { number, total, action, message, startedAt: ts, durationMs: null, ...kept };
    this.#step(step_id).commands.push(command);
    this.#current = { command, began: Date.parse(ts) };
  }

  #end(at: number): void {
    if (this.#current !== undefined) this.#current.command.durationMs = Math.max(0, at - this.#current.began);
    this.#current = undefined;
  }

  /** The command that an event names; a picture may come after the next one has begun. */
  #commandOf({ step_id, step }: { step_id: number | null; step: number }): ReportedCommand | undefined {
    if (step_id === null) return undefined;
    return this.steps.get(step_id)?.commands.findLast(({ number }) => number === step);
  }

  #keep(event: EventOf<"artifact">): void {
    const { kind, name, url } = event;
    if (kind === "video") this.video = url;
    else this.#commandOf(event)?.artifacts.push({ kind, name, url });
  }

  #failAttempt({ attempt, status, error_message, artifacts, ts }: EventOf<"attempt_failed">): void {
    this.#end(Date.parse(ts));
    const evidence = artifacts.map(unnamed);
    this.failedAttempts.push({ attempt, status, errorMessage: error_message, evidence });
    this.steps.clear();
  }

  #complete(event: EventOf<"execution_complete">): void {
    // The verdict is told once it is stored with all its evidence, which is no time of the command's.
    this.#end(Math.min(Date.parse(event.ts), this.#began + event.execution_time_ms));
    const step = this.#step(event.step_id);
    const kept = new Set(step.commands.flatMap(({ artifacts }) => artifacts.map(({ url }) => url)));
    step.status = event.status;
    step.errorMessage = event.error_message;
    step.durationMs = event.execution_time_ms;
    step.flaky = event.flaky;
    step.checks = event.checks;
    step.evidence = event.artifacts
      .filter(({ kind, url }) => kind !== "video" && !kept.has(url))
      .map(unnamed);
  }
}

function unnamed({ kind, url }: { kind: ArtifactKind; url: string }): ReportedArtifact {
  return { kind, name: null, url };
}
