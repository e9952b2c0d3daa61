import type { StepRecord, VideoWriter, WriteBytes } from "../../../src/execution/ports.js";
import type { Clock } from "../../../src/execution/leases.js";
import { InProcessQueue } from "../../../src/execution/queue/queue.js";
import { ExecutionService, type RunRequest } from "../../../src/execution/service.js";
import type { VideoMode } from "../../../src/execution/facilities.js";
import { RunEvent, type OnFailure } from "../../../src/protocol/messages.js";
import type { PageRecords, PictureTaker } from "../../../src/runner/ports.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { FakePool, noRecords } from "../../support/fake-browser.js";
import { FakeRunner } from "../../support/fake-runner.js";
import { MemoryArtifacts, MemoryStore } from "../../support/memory-store.js";
import { silentLog } from "../../support/silent-log.js";

export function step(id: number, stepNumber: number, script: string | null, testCaseId = 1): StepRecord {
  return {
    id,
    testCaseId,
    stepNumber,
    description: `Step ${stepNumber}`,
    expectedResult: `Result ${stepNumber}`,
    script,
  };
}

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** The execution service with fakes at its ports, and what it has told. */
export class Bench {
  readonly store: MemoryStore;
  readonly artifacts = new MemoryArtifacts();
  readonly runner = new FakeRunner();
  readonly pool: FakePool;
  readonly execution: ExecutionService;
  readonly events: RunEvent[] = [];
  #wake: (() => void)[] = [];

  constructor(
    steps: StepRecord[],
    options: {
      pool?: FakePool;
      secrets?: Record<string, string>;
      takePicture?: PictureTaker;
      takeFrame?: PictureTaker;
      newVideo?: (write: WriteBytes) => VideoWriter;
      video?: VideoMode;
      log?: typeof silentLog;
      screenshots?: "inline" | "off";
      stepTimeoutMs?: number;
      runTimeoutMs?: number;
      runMaxDiskBytes?: number;
      keyDelayMs?: number;
      admit?: () => Promise<void>;
      clock?: Clock;
    } = {},
  ) {
    this.store = new MemoryStore(steps);
    this.pool = options.pool ?? new FakePool(1);
    this.seen({});
    this.execution = new ExecutionService({
      store: this.store,
      artifacts: this.artifacts,
      pool: this.pool,
      queue: new InProcessQueue({ concurrency: this.pool.size, capacity: 5 }),
      performScript: this.runner.performScript,
      takePicture: options.takePicture ?? ((page, _secrets, signal) => page.screenshot(signal)),
      takeFrame: options.takeFrame ?? takeFrame,
      newVideo: options.newVideo ?? ((write) => new TextVideo(write)),
      newVariables: () => new RunVariables({ env: {}, secrets: options.secrets ?? {} }),
      settings: {
        screenshots: options.screenshots ?? "off",
        video: options.video ?? "off",
        commandTimeoutMs: 50,
        dialogs: "fail",
        stepTimeoutMs: options.stepTimeoutMs ?? 60_000,
        runTimeoutMs: options.runTimeoutMs ?? 60_000,
        allowedHosts: [],
        uploadsDir: undefined,
        runMaxDiskBytes: options.runMaxDiskBytes,
        keyDelayMs: options.keyDelayMs,
      },
      ...(options.admit && { admit: options.admit }),
      ...(options.clock && { clock: options.clock }),
      log: options.log ?? silentLog,
    });
  }

  /** Records of the browser session. */
  seen(records: Partial<PageRecords>): void {
    const all: PageRecords = { ...noRecords(), ...records };
    Object.defineProperty(this.pool.page, "records", { value: all, configurable: true });
  }

  request(options: Partial<RunRequest> = {}): RunRequest {
    return {
      ...options,
      onEvent: (event) => {
        this.events.push(RunEvent.parse(event));
        for (const wake of this.#wake.splice(0)) wake();
      },
      onBroken: () => {
        throw new Error("the run broke");
      },
    };
  }

  startStep(stepId: number, options: Partial<RunRequest> = {}): Promise<string> {
    return this.execution.startStep(stepId, this.request(options));
  }

  startCase(onFailure: OnFailure = "stop", options: Partial<RunRequest> = {}): Promise<string> {
    return this.execution.startCase(1, onFailure, this.request(options));
  }

  /** The first event of a type that fits, told already or yet to come. */
  async next<T extends RunEvent["type"]>(
    type: T,
    fits: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    for (;;) {
      // The cast holds because the type is compared.
      const found = this.events.find((event) => event.type === type && fits(event as EventOf<T>));
      if (found) return found as EventOf<T>;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** The events of a type so far. */
  all<T extends RunEvent["type"]>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }
}

/** A video whose file is a line for each frame, with when it begins, and a last one with when it ends. */
export class TextVideo implements VideoWriter {
  readonly #write: WriteBytes;
  #length = 0;

  constructor(write: WriteBytes) {
    this.#write = write;
  }

  add(picture: Uint8Array, atMs: number): Promise<void> {
    return this.#line(`${Math.round(atMs)} ${Buffer.from(picture).toString()}`);
  }

  finish(atMs: number): Promise<void> {
    return this.#line(`${Math.round(atMs)} end`);
  }

  async #line(text: string): Promise<void> {
    const line = Buffer.from(`${text}\n`);
    const position = this.#length;
    this.#length += line.byteLength;
    await this.#write(line, position);
  }
}

/** Nothing has to be hidden in a fake page. */
const takeFrame: PictureTaker = (page, _secrets, signal) =>
  page.videoFrame?.(signal) ?? Promise.reject(new Error("no frame"));

/** Something that a test lets happen when it likes. */
export function latch(): { open: () => void; opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}
