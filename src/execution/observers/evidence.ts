import type { ArtifactReference } from "../../protocol/messages.js";
import type { ScriptArtifact } from "../../runner/ports.js";
import type { RunSettings } from "../facilities.js";
import type { StepRecord } from "../ports.js";
import type { RunScope } from "../run-scope.js";
import type { ArtifactKeeper } from "./artifact-keeper.js";
import { mediaTypeOf } from "./media-type.js";
import type { CommandEnding, Observer, StepEnding } from "./observer.js";

export interface EvidenceOptions {
  scope: Pick<RunScope, "runLog" | "page" | "variables" | "takePicture">;
  keeper: ArtifactKeeper;
  screenshots: RunSettings["screenshots"];
}

/**
 * Keeps evidence of each step: a picture after each command, everything that commands have made, and records that tell
 * why a step did not pass. It captures them beside the commands, never in their way, and keeps nothing that shows a
 * secret which the run has used.
 */
export class Evidence implements Observer {
  readonly #scope: EvidenceOptions["scope"];
  readonly #keeper: ArtifactKeeper;
  readonly #screenshots: RunSettings["screenshots"];
  #stepId = 0;
  /** The artifacts of the step so far, kept by commands or because it did not pass. */
  #artifacts: ArtifactReference[] = [];
  #captures: Promise<void> = Promise.resolve();

  constructor({ scope, keeper, screenshots }: EvidenceOptions) {
    this.#scope = scope;
    this.#keeper = keeper;
    this.#screenshots = screenshots;
  }

  stepBegun({ id }: StepRecord): void {
    this.#stepId = id;
    this.#artifacts = [];
  }

  /** Takes the picture that follows a command and emits it when it is there. */
  commandEnded(number: number, { endsStep }: CommandEnding): void {
    // The last picture of a step that does not pass is taken with the rest of its evidence.
    if (endsStep || this.#screenshots === "off") return;
    // A page that a dialog blocks paints nothing, and would keep this picture and those after it for seconds.
    if (this.#scope.page.openDialog) return;
    // Asked for at once, so that it shows this command's page; emitted in the order of the commands.
    const picture = this.#picture();
    this.#captures = Promise.all([picture, this.#captures]).then(([taken]) => {
      if (taken) this.#emitPicture(number, taken.url, taken.bytes);
    });
  }

  artifactMade(number: number, artifact: ScriptArtifact): void {
    const keeper = this.#keeper;
    const { kind, name = null } = artifact;
    const stepId = this.#stepId;
    const saving = keeper.capture(kind, keeper.cancelled, () =>
      keeper.save({ stepId, kind, name: artifact.name, ...contentOf(artifact) }),
    );
    this.#captures = Promise.all([saving, this.#captures]).then(([url]) => {
      if (url === undefined) return;
      this.#artifacts.push({ kind, url });
      this.#scope.runLog.append({ type: "artifact", step_id: stepId, step: number, kind, name, url });
    });
  }

  async settle(): Promise<void> {
    await this.#captures;
  }

  async stepEnded({ command, wantsEvidence }: StepEnding): Promise<readonly ArtifactReference[]> {
    if (wantsEvidence) await this.#keep(command);
    await this.#captures;
    return this.#artifacts;
  }

  /**
   * Keeps the evidence that tells why a step did not pass.
   *
   * @param command number of the command at which it ended, if it was one
   */
  async #keep(command: number | undefined): Promise<void> {
    const { page, runLog } = this.#scope;
    const { mask } = runLog;
    const keeper = this.#keeper;
    const stepId = this.#stepId;
    // Nobody answers the dialog any more, and a page that it blocks gives neither picture nor source.
    if (page.openDialog) {
      await keeper.capture("screenshot", keeper.pageGone, (signal) =>
        page.answerDialog({ accept: false }, signal),
      );
    }
    const taking = this.#picture();
    const [picture, ...urls] = await Promise.all([
      taking,
      this.#sourceBeside(taking),
      keeper.saveJson({ stepId, kind: "console" }, () => mask.records(page.records.console)),
      keeper.saveJson({ stepId, kind: "network" }, () => mask.records(page.records.failedRequests)),
    ]);
    await this.#captures;
    if (picture) {
      this.#artifacts.push({ kind: "screenshot", url: picture.url });
      if (command !== undefined && this.#screenshots !== "off")
        this.#emitPicture(command, picture.url, picture.bytes);
    }
    const kinds = ["page_source", "console", "network"] as const;
    for (const [index, kind] of kinds.entries()) {
      const url = urls[index];
      if (url !== undefined) this.#artifacts.push({ kind, url });
    }
  }

  #emitPicture(step: number, url: string, bytes: Uint8Array): void {
    const event = { type: "screenshot", step_id: this.#stepId, step, image: "", url } as const;
    this.#scope.runLog.append(event, { image: bytes });
  }

  async #picture(): Promise<{ url: string; bytes: Uint8Array } | undefined> {
    const { takePicture } = this.#scope;
    const keeper = this.#keeper;
    const stepId = this.#stepId;
    return await keeper.capture("screenshot", keeper.pageGone, async (signal) => {
      const bytes = await takePicture(signal);
      const mediaType = mediaTypeOf(bytes);
      return { url: await keeper.save({ stepId, kind: "screenshot", mediaType, bytes }), bytes };
    });
  }

  /** Reads the source after pictures that hide secrets: each puts styles into the page that are not its own. */
  async #sourceBeside(taking: Promise<unknown>): Promise<string | undefined> {
    if (this.#scope.variables.used.length > 0) await Promise.all([taking, this.#captures]);
    return await this.#source();
  }

  async #source(): Promise<string | undefined> {
    const { page, runLog } = this.#scope;
    const keeper = this.#keeper;
    return await keeper.capture("page_source", keeper.pageGone, async (signal) => {
      const bytes = Buffer.from(await runLog.mask.longText(await page.source(signal)));
      return await keeper.save({ stepId: this.#stepId, kind: "page_source", mediaType: "text/html", bytes });
    });
  }
}

function contentOf(artifact: ScriptArtifact) {
  switch (artifact.kind) {
    case "screenshot":
      return { mediaType: mediaTypeOf(artifact.bytes), bytes: artifact.bytes };
    case "screenshot_expected":
    case "screenshot_actual":
    case "screenshot_diff":
      return { mediaType: "image/png", bytes: artifact.bytes, variant: artifact.variant } as const;
    case "accessibility":
      return { mediaType: "application/json", bytes: artifact.bytes } as const;
    case "download":
      return { mediaType: "application/octet-stream", file: artifact.path } as const;
  }
}
