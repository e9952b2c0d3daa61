import type { Logger } from "pino";
import type { ArtifactKind, ArtifactReference } from "../protocol/messages.js";
import type { PictureTaker, ScriptArtifact, Variables } from "../runner/ports.js";
import { timeoutSignal } from "../async/timeout-signal.js";
import type { RunLog } from "./event-log.js";
import type { Mask } from "./masking.js";
import type { ArtifactStore, BrowserSession, NewArtifact } from "./ports.js";

/** Longest time to take a picture or read the source, in milliseconds. */
const CAPTURE_TIMEOUT_MS = 3_000;

/** What an artifact is, apart from where it belongs. */
type Content = NewArtifact extends infer A
  ? A extends unknown
    ? Omit<A, "runId" | "stepId">
    : never
  : never;

interface EvidenceOptions {
  runId: string;
  stepId: number;
  runLog: RunLog;
  session: BrowserSession;
  /** Aborted when nobody waits for evidence any more. */
  cancelled: AbortSignal;
  takePicture: PictureTaker;
  variables: Variables;
  artifacts: ArtifactStore;
  screenshots: "inline" | "url" | "off";
  log: Logger;
}

/**
 * What is kept of one step. It is captured beside the commands, never in their way: what cannot be had is logged
 * and left out, and the verdict does not depend on it. Nothing is kept with a secret in it that the run has used.
 */
export class Evidence {
  /** What was kept, by commands or because the step did not pass. */
  readonly artifacts: ArtifactReference[] = [];
  readonly #options: EvidenceOptions;
  readonly #pageGone: AbortSignal;
  #captures: Promise<void> = Promise.resolve();

  constructor(options: EvidenceOptions) {
    this.#options = options;
    this.#pageGone = AbortSignal.any([options.cancelled, options.session.lost]);
  }

  /** Takes the picture that follows a command and emits it when it is there. */
  follow(step: number): void {
    // A page that a dialog blocks paints nothing, and would keep this picture and those after it for seconds.
    if (this.#options.screenshots === "off" || this.#options.session.page.openDialog) return;
    // Asked for at once, so that it shows this command's page; emitted in the order of the commands.
    const picture = this.#picture();
    this.#captures = Promise.all([picture, this.#captures]).then(([taken]) => {
      if (taken) this.#emitPicture(step, taken.url, taken.bytes);
    });
  }

  /** Keeps what a command has made. */
  add(step: number, artifact: ScriptArtifact): void {
    const { kind, name = null } = artifact;
    const content: Content =
      artifact.kind === "screenshot"
        ? {
            kind: "screenshot",
            mediaType: mediaTypeOf(artifact.bytes),
            name: artifact.name,
            bytes: artifact.bytes,
          }
        : { kind, mediaType: "application/octet-stream", name: artifact.name, file: artifact.path };
    const saving = this.#attempt(kind, this.#options.cancelled, () => this.#save(content));
    this.#captures = Promise.all([saving, this.#captures]).then(([url]) => {
      if (url === undefined) return;
      this.artifacts.push({ kind, url });
      const { runLog, stepId } = this.#options;
      runLog.append({ type: "artifact", step_id: stepId, step, kind, name, url });
    });
  }

  /**
   * Keeps what tells why a step did not pass.
   *
   * @param step number of the command at which it ended, if it was one
   */
  async keep(step: number | undefined, commands: readonly unknown[]): Promise<void> {
    const { page } = this.#options.session;
    // Nobody answers it any more, and neither picture nor source can be had of a page that it blocks.
    if (page.openDialog) {
      await this.#attempt("screenshot", this.#pageGone, (signal) =>
        page.answerDialog({ accept: false }, signal),
      );
    }
    const taking = this.#picture();
    const [picture, ...urls] = await Promise.all([
      taking,
      this.#sourceBeside(taking),
      this.#json("console", (mask) => mask.records(page.records.console)),
      this.#json("network", (mask) => mask.records(page.records.failedRequests)),
      this.#json("commands", (mask) => mask.all(commands)),
    ]);
    await this.#captures;
    if (picture) {
      this.artifacts.push({ kind: "screenshot", url: picture.url });
      if (step !== undefined && this.#options.screenshots !== "off")
        this.#emitPicture(step, picture.url, picture.bytes);
    }
    const kinds = ["page_source", "console", "network", "commands"] as const;
    for (const [index, kind] of kinds.entries()) {
      const url = urls[index];
      if (url !== undefined) this.artifacts.push({ kind, url });
    }
  }

  /** Resolves when nothing is being captured any more. */
  async settled(): Promise<void> {
    await this.#captures;
  }

  #emitPicture(step: number, url: string, bytes: Uint8Array): void {
    const { runLog, stepId } = this.#options;
    runLog.append({ type: "screenshot", step_id: stepId, step, image: "", url }, { image: bytes });
  }

  async #picture(): Promise<{ url: string; bytes: Uint8Array } | undefined> {
    const { session, variables, takePicture } = this.#options;
    return await this.#attempt("screenshot", this.#pageGone, async (signal) => {
      const bytes = await takePicture(session.page, variables.used, signal);
      return { url: await this.#save({ kind: "screenshot", mediaType: mediaTypeOf(bytes), bytes }), bytes };
    });
  }

  /** While a picture is taken without secrets, the page has styles that are none of its own. */
  async #sourceBeside(taking: Promise<unknown>): Promise<string | undefined> {
    if (this.#options.variables.used.length > 0) await Promise.all([taking, this.#captures]);
    return await this.#source();
  }

  async #source(): Promise<string | undefined> {
    const { session, runLog } = this.#options;
    return await this.#attempt("page_source", this.#pageGone, async (signal) => {
      const bytes = Buffer.from(await runLog.mask.longText(await session.page.source(signal)));
      return await this.#save({ kind: "page_source", mediaType: "text/html", bytes });
    });
  }

  /** @param read returns what is kept, masked */
  async #json(
    kind: "console" | "network" | "commands",
    read: (mask: Mask) => unknown,
  ): Promise<string | undefined> {
    const { runLog, cancelled } = this.#options;
    return await this.#attempt(kind, cancelled, async () => {
      const bytes = Buffer.from(`${JSON.stringify(read(runLog.mask), null, 2)}\n`);
      return await this.#save({ kind, mediaType: "application/json", bytes });
    });
  }

  #save(content: Content): Promise<string> {
    const { artifacts, runId, stepId } = this.#options;
    return artifacts.save({ runId, stepId, ...content });
  }

  async #attempt<T>(
    what: ArtifactKind,
    pointless: AbortSignal,
    capture: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      const signal = AbortSignal.any([pointless, timeoutSignal(CAPTURE_TIMEOUT_MS)]);
      // Saving a large file cannot be interrupted, but a run that was cancelled does not wait for it.
      // A signal of its own, for the run's would collect a listener for every picture.
      return await Promise.race([capture(signal), rejectedBy(AbortSignal.any([pointless]))]);
    } catch (error) {
      if (!pointless.aborted) this.#options.log.warn({ err: error, what }, "could not be captured");
      return undefined;
    }
  }
}

/** Classic WebDriver takes nothing but PNG. By the signature: https://www.w3.org/TR/png-3/#3PNGsignature */
function mediaTypeOf(picture: Uint8Array): "image/jpeg" | "image/png" {
  return picture[0] === 0x89 && picture[1] === 0x50 ? "image/png" : "image/jpeg";
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
