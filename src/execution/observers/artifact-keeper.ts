import type { Logger } from "pino";
import type { ArtifactKind } from "../../protocol/messages.js";
import { abortable } from "../../async/abortable.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { RunScope } from "../run-scope.js";
import type { ArtifactStore, NewArtifact } from "../ports.js";

/** Longest time to take a picture or read the source, in milliseconds. */
const CAPTURE_TIMEOUT_MS = 3_000;

/** An artifact without the run that it belongs to. */
type Content = NewArtifact extends infer A ? (A extends unknown ? Omit<A, "runId"> : never) : never;

/** Keeps artifacts of a run; one that cannot be had, or saved, is logged and left out. */
export class ArtifactKeeper {
  /** Aborted when nobody waits for artifacts any more. */
  readonly cancelled: AbortSignal;
  /** Aborted as {@link cancelled}, and also when there is no page to look at any more. */
  readonly pageGone: AbortSignal;
  readonly #runId: string;
  readonly #artifacts: ArtifactStore;
  readonly #log: Logger;

  constructor({
    runId,
    session,
    cancelled,
    artifacts,
    log,
  }: Pick<RunScope, "runId" | "session" | "cancelled" | "artifacts" | "log">) {
    this.cancelled = cancelled;
    this.pageGone = AbortSignal.any([cancelled, session.lost]);
    this.#runId = runId;
    this.#artifacts = artifacts;
    this.#log = log;
  }

  /** @returns the path that serves it */
  save(content: Content): Promise<string> {
    return this.#artifacts.save({ runId: this.#runId, ...content });
  }

  /**
   * Keeps records of a step as JSON. Never rejects.
   *
   * @param read returns the records, masked
   * @returns the path that serves them, unless they could not be kept
   */
  saveJson(
    { stepId, kind }: { stepId: number; kind: "console" | "network" | "commands" },
    read: () => unknown,
  ): Promise<string | undefined> {
    return this.capture(kind, this.cancelled, async () => {
      const bytes = Buffer.from(`${JSON.stringify(read(), null, 2)}\n`);
      return await this.save({ stepId, kind, mediaType: "application/json", bytes });
    });
  }

  /**
   * Tries to capture something, for 3 s at most. Never rejects.
   *
   * @param pointless {@link cancelled}, or {@link pageGone} for what is read from the page
   */
  async capture<T>(
    what: ArtifactKind,
    pointless: AbortSignal,
    take: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      const signal = AbortSignal.any([pointless, timeoutSignal(CAPTURE_TIMEOUT_MS)]);
      // Saving a large file cannot be interrupted, but a run that was cancelled does not wait for it.
      // Many pictures may be under way at once, and each would have a listener on the run's own signal.
      return await abortable(take(signal), AbortSignal.any([pointless]));
    } catch (error) {
      if (!pointless.aborted) this.#log.warn({ err: error, what }, "could not be captured");
      return undefined;
    }
  }
}
