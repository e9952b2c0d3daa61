import { lstat } from "node:fs/promises";
import { MAX_BYTES } from "./names.js";

/**
 * The size of a file of this machine that is to be kept, in bytes.
 *
 * @throws Error for one that is no plain file, such as a link, or is too large
 */
export async function requireKeepable(file: string): Promise<number> {
  const found = await lstat(file);
  if (!found.isFile()) throw new Error("What is no plain file is not kept.");
  if (found.size > MAX_BYTES) throw new Error(`A file of ${found.size} bytes is too large to be kept.`);
  return found.size;
}
