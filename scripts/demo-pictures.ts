import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StepwireRest } from "../src/client/index.js";
import { slugOf } from "../src/protocol/case-fields.js";
import { DemoError } from "./demo-error.js";

/** Longest name of a step's folder, in characters. */
const MAX_NAME_LENGTH = 50;

/**
 * Empties the folder of the demo's pictures, or makes it.
 *
 * @returns the folder
 * @throws DemoError when it cannot be written
 */
export async function preparePictures(folder: string): Promise<string> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new DemoError(
      `ARTIFACTS_DIR: ${dirname(folder)} cannot be written (${code}); make it writable, or name another folder`,
    );
  }
}

/**
 * Saves the pictures of a run under names that say their case, step and command, such as
 * `fieldbook-place-and-find-orders/step-2-place-an-order/03-click.jpg`.
 *
 * @param run.name of what was run
 */
export async function savePictures(
  rest: StepwireRest,
  { runId, name: runName, folder }: { runId: string; name: string; folder: string },
): Promise<void> {
  const { steps, artifacts } = await rest.runs.get(runId);
  for (const { id, kind, command, test_step_id: stepId, media_type: mediaType } of artifacts) {
    const step = steps.find(({ test_step_id }) => test_step_id === stepId);
    if (kind !== "screenshot" || command === null || step === undefined) continue;
    const stepName = slugOf(`step ${step.step_number ?? ""} ${step.description}`).slice(0, MAX_NAME_LENGTH);
    const extension = mediaType === "image/png" ? "png" : "jpg";
    const name = `${String(command.number).padStart(2, "0")}-${command.action}.${extension}`;
    const picture = join(folder, slugOf(runName), stepName, name);
    await mkdir(dirname(picture), { recursive: true });
    await writeFile(picture, new Uint8Array(await (await rest.artifacts.read(id)).arrayBuffer()));
  }
}
