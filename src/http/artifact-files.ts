import { extname } from "node:path";
import { buffer } from "node:stream/consumers";
import type { ArtifactReader, StoredArtifact, StoredTestCase } from "../cases/ports.js";
import { slugOf } from "../protocol/case-fields.js";
import type { ReadArtifact } from "../reports/html/parts.js";
import type { ArtifactPlace, ArtifactPlaces } from "../reports/artifact-places.js";

/** Longest part of a name that says a step, in characters. */
const MAX_STEP_LENGTH = 40;

/** Extensions that a download keeps; any other is no part of a name. */
const EXTENSION = /^\.[a-z0-9]{1,8}$/i;

export interface ArtifactFilesOptions {
  places: ArtifactPlaces;
  /** Undefined for a generation, whose steps are not saved yet. */
  testCase: StoredTestCase | undefined;
  /** Number of times that the run was carried out. */
  attempts: number;
}

/**
 * Names the artifacts of a run as files that say their step and command, such as
 * `artifacts/step-2-place-the-order/03-click-screenshot.jpg`.
 *
 * @returns the paths, by the artifacts' ids
 */
export function artifactFiles(
  artifacts: readonly StoredArtifact[],
  options: ArtifactFilesOptions,
): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    artifacts.map((artifact) => {
      const place = options.places.of(`/api/artifacts/${artifact.id}`);
      const folder = folderOf(artifact, place, options);
      const path = freePath(`${folder}/${nameOf(artifact, place)}`, extensionOf(artifact), taken);
      taken.add(path);
      return [artifact.id, path];
    }),
  );
}

/** The id at the end of an artifact's address. */
export function artifactIdOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

/** Reads an artifact whole, by its address; undefined for one that is gone. */
export async function readArtifact(
  artifacts: Pick<ArtifactReader, "openArtifact">,
  url: string,
): Promise<ReadArtifact | undefined> {
  const content = await artifacts.openArtifact(artifactIdOf(url));
  return content && { mediaType: content.mediaType, bytes: await buffer(content.read()) };
}

/** Such as `step-2-place-the-order`. */
export function stepFileName({
  stepNumber,
  description,
}: {
  stepNumber: number;
  description: string;
}): string {
  return `step-${stepNumber}-${slugOf(description).slice(0, MAX_STEP_LENGTH)}`.replace(/-+$/, "");
}

function folderOf(
  { testStepId, kind }: StoredArtifact,
  place: ArtifactPlace | undefined,
  { testCase, attempts }: ArtifactFilesOptions,
): string {
  const step = testCase?.steps.find(({ id }) => id === testStepId);
  // A video is of the whole attempt, whatever step it ended with.
  const inStep = step === undefined || kind === "video" ? [] : [stepFileName(step)];
  const inAttempt = attempts === 1 ? [] : [`attempt-${place?.attempt ?? 1}`];
  return ["artifacts", ...inAttempt, ...inStep].join("/");
}

function nameOf({ kind, name }: StoredArtifact, place: ArtifactPlace | undefined): string {
  const { command } = place ?? {};
  const number = command && String(command.number).padStart(2, "0");
  const own =
    name === null || kind === "video" ? "" : slugOf(name.slice(0, name.length - extname(name).length));
  return [number, command?.action, kind, own].filter(Boolean).join("-");
}

function extensionOf({ kind, name, fileName }: StoredArtifact): string {
  const own = kind === "download" ? extname(name ?? "") : "";
  return EXTENSION.test(own) ? own : extname(fileName);
}

function freePath(path: string, extension: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const tried = `${path}${number === 1 ? "" : `-${number}`}${extension}`;
    if (!taken.has(tried)) return tried;
  }
}
