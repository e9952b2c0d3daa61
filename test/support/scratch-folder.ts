import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty temporary folder, which `remove` deletes with all that has come into it. */
export interface ScratchFolder {
  path: string;
  remove(): Promise<void>;
}

export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10 }) };
}
