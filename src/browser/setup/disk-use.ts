import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { DiskUse } from "../../execution/ports.js";

/** Unit in which a file's size on the disk is told, in bytes. */
const BLOCK_BYTES = 512;

/** Files that are looked at together. */
const BATCH = 50;

/** Least time between two looks at a whole profile, in milliseconds. It has some two hundred files. */
const PROFILE_INTERVAL_MS = 1_000;

/** Beginning of the names of the profile's folders for downloads, which do not count towards its size. */
const DOWNLOADS = "downloads";

/** Bytes that a folder takes on the disk, with all that is in it; none when it is not there. Follows no links. */
export async function bytesIn(
  folder: string,
  isLeftOut: (name: string) => boolean = () => false,
): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const counted = entries.filter(({ name }) => !isLeftOut(name));
  let bytes = 0;
  for (let from = 0; from < counted.length; from += BATCH) {
    const sizes = counted.slice(from, from + BATCH).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? bytesIn(path) : bytesOf(path);
    });
    for (const size of await Promise.all(sizes)) bytes += size;
  }
  return bytes;
}

/** The size of a browser's profile on the disk, without its downloads. */
export class ProfileSize {
  readonly #folder: string;
  #look: Promise<number> | undefined;
  /** The size at the last look, in bytes. */
  bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Looks at most once a second, however many runs share the browser and ask. */
  measure(): Promise<number> {
    this.#look ??= this.#measure();
    return this.#look;
  }

  async #measure(): Promise<number> {
    this.bytes = await bytesIn(this.#folder, (name) => name.startsWith(DOWNLOADS));
    setTimeout(() => (this.#look = undefined), PROFILE_INTERVAL_MS).unref();
    return this.bytes;
  }
}

/** Measures a session's files on the disk. @param downloads folders of its downloads */
export async function diskUse(profile: ProfileSize, downloads: readonly string[]): Promise<DiskUse> {
  const [inProfile, ...inDownloads] = await Promise.all([
    profile.measure(),
    ...downloads.map((folder) => bytesIn(folder)),
  ]);
  return { profile: inProfile, downloads: inDownloads.reduce((sum, bytes) => sum + bytes, 0) };
}

/** The size of a file on the disk; 0 once it is gone, which may happen while browsers are at work in the folder. */
async function bytesOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).blocks * BLOCK_BYTES;
  } catch {
    return 0;
  }
}
