import type { ArtifactReference, Verdict } from "../../protocol/messages.js";
import { atMost } from "../../async/at-most.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { VideoMode } from "../facilities.js";
import type { ArtifactFile, StepRecord, VideoWriter, WriteBytes } from "../ports.js";
import type { RunScope } from "../run-scope.js";
import { FramePace } from "./frame-pace.js";
import type { CommandEnding, Observer, StepEnding } from "./observer.js";

/** Limits of a video; it ends at the first that it reaches, and the run goes on without it. */
const MAX_VIDEO_MS = 30 * 60 * 1_000;
const MAX_VIDEO_BYTES = 200_000_000;

const VIDEO_NAME = "video.webm";

/** Longest time to take a frame, in milliseconds. */
const FRAME_TIMEOUT_MS = 2_000;

/** Longest times that a verdict waits for its video, in milliseconds: that of a stopped run, and any other. */
const STOPPED_SAVE_WAIT_MS = 400;
const SAVE_WAIT_MS = 5_000;

export interface VideoOptions {
  scope: Pick<RunScope, "runId" | "runLog" | "session" | "signal" | "artifacts" | "log">;
  mode: Exclude<VideoMode, "off">;
  /** Takes a frame on which no secret can be read that the run has used so far. */
  takeFrame: (signal: AbortSignal) => Promise<Uint8Array>;
  newVideo: (write: WriteBytes) => VideoWriter;
}

/**
 * The video of one attempt at a run, written to its file while it is taken. As with all evidence, nothing depends
 * on it: a frame that cannot be had is left out, and so is a video that cannot be written.
 */
export class Video implements Observer {
  readonly #options: VideoOptions;
  readonly #pageGone: AbortSignal;
  readonly #pace = new FramePace(() => this.#takeFrame());
  readonly #writer: VideoWriter;
  #file: Promise<ArtifactFile> | undefined;
  /** The time when the video began, or `undefined` before then. */
  #begunAt: number | undefined;
  /** The step that is under way. */
  #stepId = 0;
  #lastFrame: Uint8Array | undefined;
  #bytes = 0;
  /** The video's length when it has ended before the run. */
  #endedAtMs: number | undefined;
  #ending: Promise<ArtifactReference | undefined> | undefined;

  constructor(options: VideoOptions) {
    this.#options = options;
    const { runId, session, signal, artifacts } = options.scope;
    this.#pageGone = AbortSignal.any([signal, session.lost]);
    this.#writer = options.newVideo(async (bytes, position) => {
      this.#file ??= artifacts.create({ runId, mediaType: "video/webm" });
      const file = await this.#file;
      await file.write(bytes, position);
    });
  }

  /** Begins with the first step, if there is anything to record. */
  stepBegun({ id }: StepRecord): void {
    this.#stepId = id;
    if (this.#begunAt !== undefined) return;
    this.#begunAt = performance.now();
    if (this.#options.scope.session.page.videoFrame) this.#pace.follow();
    else
      this.#stop(
        "There is no video of this run: that needs Chrome or Edge, driven over DevTools (BROWSER_PROTOCOL).",
      );
  }

  commandEnded(_number: number, { endsStep }: CommandEnding): void {
    if (!endsStep && this.#endedAtMs === undefined) this.#pace.follow();
  }

  /** Takes a last frame of the page as the step leaves it. */
  scriptEnded({ wantsEvidence }: StepEnding): void {
    if (this.#endedAtMs !== undefined) return;
    if (wantsEvidence) this.#pace.follow();
    this.#pace.catchUp();
  }

  async settle(): Promise<void> {
    await this.#pace.hold();
  }

  /**
   * Ends the video with a last frame of the page. Never rejects.
   *
   * @returns the video, if there is one to keep; it has been announced then
   */
  async attemptEnded(verdict: Verdict): Promise<ArtifactReference[]> {
    if (this.#ending) return [];
    const { signal, runLog, log } = this.#options.scope;
    const ending = (this.#ending = this.#end(verdict));
    const waitMs = signal.aborted ? STOPPED_SAVE_WAIT_MS : SAVE_WAIT_MS;
    const reference = await atMost(waitMs, ending, "late");
    if (reference === "late") log.warn({ waitMs }, "the video is saved too late to be announced");
    if (reference === "late" || reference === undefined) return [];
    runLog.append({ type: "artifact", step_id: this.#stepId, step: 0, name: VIDEO_NAME, ...reference });
    return [reference];
  }

  /** Resolves when nothing of it is under way any more; a video that was not ended is dropped. Never rejects. */
  async close(): Promise<void> {
    await (this.#ending ?? this.#drop());
  }

  async #takeFrame(): Promise<boolean> {
    const { scope, takeFrame } = this.#options;
    // A page that a dialog blocks paints nothing.
    if (this.#pageGone.aborted || scope.session.page.openDialog) return false;
    const atMs = this.#elapsedMs;
    let frame: Uint8Array;
    try {
      const signal = AbortSignal.any([this.#pageGone, timeoutSignal(FRAME_TIMEOUT_MS)]);
      frame = await takeFrame(signal);
    } catch (error) {
      scope.log.debug({ err: error }, "a frame could not be taken");
      return false;
    }
    if (this.#lastFrame && Buffer.compare(frame, this.#lastFrame) === 0) return false;
    await this.#add(frame, atMs);
    return true;
  }

  async #add(frame: Uint8Array, atMs: number): Promise<void> {
    if (atMs > MAX_VIDEO_MS || this.#bytes + frame.byteLength > MAX_VIDEO_BYTES) {
      this.#stop(
        `The video ends here, ${MAX_VIDEO_MS / 60_000} minutes or ${MAX_VIDEO_BYTES / 1_000_000} MB after it began; the run goes on.`,
      );
      return;
    }
    try {
      // The first frame stands for the time before it, too.
      await this.#writer.add(frame, this.#lastFrame ? atMs : 0);
      this.#lastFrame = frame;
      this.#bytes += frame.byteLength;
    } catch (error) {
      this.#options.scope.log.warn({ err: error }, "a video could not be written");
      this.#lastFrame = undefined;
      this.#stop("There is no video of this run: it could not be written.");
    }
  }

  get #elapsedMs(): number {
    return performance.now() - (this.#begunAt ?? 0);
  }

  /** Ends the video before the run. */
  #stop(message: string): void {
    this.#endedAtMs = this.#elapsedMs;
    void this.#pace.hold();
    this.#options.scope.runLog.append({
      type: "log",
      step_id: this.#stepId,
      step: 0,
      level: "warning",
      message,
    });
  }

  async #end(verdict: Verdict): Promise<ArtifactReference | undefined> {
    const { mode, scope } = this.#options;
    const isKept = mode === "on" || verdict !== "passed";
    if (isKept && this.#endedAtMs === undefined) await this.#pace.finish();
    else await this.#pace.hold();
    if (!isKept || !this.#lastFrame) {
      await this.#drop();
      return undefined;
    }
    try {
      await this.#writer.finish(this.#endedAtMs ?? this.#elapsedMs);
      const file = await this.#file;
      const url = await file?.keep({ stepId: this.#stepId, kind: "video", name: VIDEO_NAME });
      return url === undefined ? undefined : { kind: "video", url };
    } catch (error) {
      scope.log.warn({ err: error }, "a video could not be kept");
      await this.#drop();
      return undefined;
    }
  }

  async #drop(): Promise<void> {
    this.#endedAtMs ??= this.#elapsedMs;
    await this.#pace.hold();
    try {
      const file = await this.#file;
      await file?.discard();
    } catch (error) {
      this.#options.scope.log.warn({ err: error }, "a video could not be dropped");
    }
  }
}
