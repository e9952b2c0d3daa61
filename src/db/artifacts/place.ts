import { FolderPlace } from "./folder/place.js";
import type { ArtifactPlace } from "./ports.js";

/**
 * Opens the place of artifacts that `ARTIFACTS_DIR` names: a folder, relative to the working directory, or a bucket of
 * S3 as `s3://bucket/prefix`. Nothing is read or made yet.
 *
 * @throws DatabaseStartError for a bucket that cannot be told
 */
export async function openPlace(artifactsDir: string): Promise<ArtifactPlace> {
  if (!isBucket(artifactsDir)) return new FolderPlace(artifactsDir);
  // The client of S3 takes a quarter of a second and 30 MB, which only those pay who have a bucket.
  const { BucketPlace } = await import("./bucket/place.js");
  return BucketPlace.open(artifactsDir);
}

/** True for a bucket of S3, false for a folder. */
export function isBucket(artifactsDir: string): boolean {
  return /^s3:/i.test(artifactsDir);
}
