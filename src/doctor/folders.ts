import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, resolve } from "node:path";
import { atMost } from "../async/at-most.js";
import type { Config } from "../config.js";
import { isBucket, lookAtBucket } from "../db/index.js";
import { good, wrong, type Finding } from "./finding.js";

/** Longest wait for a disk, in milliseconds: a network's may never answer. */
const DISK_TIMEOUT_MS = 2_000;

const MB = 1_000_000;

interface Place {
  /** The variable that names the folder. */
  variable: string;
  folder: string;
}

/** The folders that a server writes to, beside that of its database. */
export async function examineFolders(config: Config): Promise<Finding[]> {
  const { ARTIFACTS_DIR: artifacts } = config;
  return [
    isBucket(artifacts)
      ? await examineBucket(artifacts)
      : await examineFolder({ variable: "ARTIFACTS_DIR", folder: resolve(artifacts) }, config),
    await examineFolder({ variable: "TMPDIR", folder: tmpdir() }, config),
  ];
}

async function examineBucket(artifacts: string): Promise<Finding> {
  try {
    await lookAtBucket(artifacts);
    return good("folder", `ARTIFACTS_DIR: ${artifacts} can be read.`);
  } catch (error) {
    return wrong("folder", (error as Error).message);
  }
}

/** The rights of a server in a folder, and the space on its disk. */
export async function examineFolder(
  { variable, folder }: Place,
  { DISK_MIN_FREE }: Pick<Config, "DISK_MIN_FREE">,
): Promise<Finding> {
  const minFreeBytes = DISK_MIN_FREE * MB;
  const existing = await firstExisting(folder);
  try {
    // With the slash a file is refused.
    await access(`${existing}/`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const remedy = "make it writable for this user, or name another one";
    return wrong("folder", `${variable}: ${existing} cannot be written (${code}); ${remedy}.`);
  }
  const space = await atMost(DISK_TIMEOUT_MS, statfs(existing));
  if (space === undefined) return wrong("disk", `${variable}: the disk of ${existing} does not answer.`);
  const free = space.bavail * space.bsize;
  const told = `${Math.floor(free / MB).toLocaleString("en")} MB are free`;
  if (free >= minFreeBytes) {
    const what = existing === folder ? "can be written" : "can be made";
    return good("folder", `${variable}: ${folder} ${what}; ${told}.`);
  }
  const least = `${minFreeBytes / MB} MB have to be (DISK_MIN_FREE)`;
  return wrong("disk", `${variable}: ${told} for ${folder}, and ${least}; free some, or name another disk.`);
}

/** The folder itself, or the one in which it would be made. */
async function firstExisting(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined || dirname(folder) === folder ? folder : await firstExisting(dirname(folder));
}
