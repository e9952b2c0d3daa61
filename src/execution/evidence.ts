import type { Logger } from "pino";
import type { ArtifactReference } from "../protocol/messages.js";
import type { RunLog } from "./event-log.js";
import type { ArtifactStore, BrowserSession, NewArtifact } from "./ports.js";

/** Longest time to take a picture or read the source, in milliseconds. */
const CAPTURE_TIMEOUT_MS = 3_000;

interface EvidenceOptions {
  runId: string;
  stepId: number;
  runLog: RunLog;
  session: BrowserSession;
  signal: AbortSignal;
  artifacts: ArtifactStore;
  screenshots: "inline" | "url" | "off";
  log: Logger;
}

/**
 * Pictures and page sources of one step. Pictures are taken beside the commands, never in their way: one that
 * cannot be had is logged and left out, and the verdict does not depend on it.
 */
export class Evidence {
  /** What was kept because the step did not pass. */
  readonly artifacts: ArtifactReference[] = [];
  readonly #options: EvidenceOptions;
  readonly #signal: AbortSignal;
  #captures: Promise<void> = Promise.resolve();

  constructor(options: EvidenceOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, options.session.lost]);
  }

  /** Takes the picture that follows a command and emits it when it is there. */
  follow(step: number): void {
    if (this.#options.screenshots === "off") return;
    // Asked for at once, so that it shows this command's page; emitted in the order of the commands.
    const picture = this.#picture();
    this.#captures = Promise.all([picture, this.#captures]).then(([taken]) => {
      if (taken) this.#emit(step, taken.url, taken.bytes);
    });
  }

  /** Keeps a picture and the page source of a step that did not pass. */
  async keep(step: number | undefined): Promise<void> {
    const [picture, source] = await Promise.all([this.#picture(), this.#source()]);
    await this.#captures;
    if (picture) {
      this.artifacts.push({ kind: "screenshot", url: picture.url });
      if (step !== undefined && this.#options.screenshots !== "off")
        this.#emit(step, picture.url, picture.bytes);
    }
    if (source !== undefined) this.artifacts.push({ kind: "page_source", url: source });
  }

  /** Resolves when nothing is being captured any more. */
  async settled(): Promise<void> {
    await this.#captures;
  }

  #emit(step: number, url: string, bytes: Uint8Array): void {
    const { runLog, stepId } = this.#options;
    runLog.append({ type: "screenshot", step_id: stepId, step, image: "", url }, { image: bytes });
  }

  async #picture(): Promise<{ url: string; bytes: Uint8Array } | undefined> {
    return await this.#attempt("screenshot", async (signal) => {
      const bytes = await this.#options.session.page.screenshot(signal);
      return { url: await this.#save({ kind: "screenshot", mediaType: "image/jpeg", bytes }), bytes };
    });
  }

  async #source(): Promise<string | undefined> {
    return await this.#attempt("page source", async (signal) => {
      const bytes = Buffer.from(await this.#options.session.page.source(signal));
      return await this.#save({ kind: "page_source", mediaType: "text/html", bytes });
    });
  }

  #save(artifact: Pick<NewArtifact, "kind" | "mediaType" | "bytes">): Promise<string> {
    const { artifacts, runId, stepId } = this.#options;
    return artifacts.save({ runId, stepId, ...artifact });
  }

  async #attempt<T>(what: string, capture: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    try {
      return await capture(AbortSignal.any([this.#signal, AbortSignal.timeout(CAPTURE_TIMEOUT_MS)]));
    } catch (error) {
      if (!this.#signal.aborted) this.#options.log.warn({ err: error, what }, "could not be captured");
      return undefined;
    }
  }
}
