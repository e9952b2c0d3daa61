/** Runs whose files, or rows, are looked at together. */
export const BATCH = 200;

/** The trash in the place of artifacts, with a folder for each day, and in that one for each run. */
export const TRASH = "trash";

/** Largest file that is kept, in bytes: sizes are stored as 32-bit integers. */
export const MAX_BYTES = 2 ** 31 - 1;

/** A run's id, among others, becomes the name of a folder: nothing may be in it that means another folder. */
const FOLDER_NAME = /^[\w-]{1,64}$/;

/** A path that cannot lead out of the place of artifacts, whoever wrote the row. */
const OWN_PATH = /^[\w-]+\/[\w-]+\.\w+$/;

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** Names that the server itself makes; the place may hold other things, which are nobody's to touch here. */
export const RUN_FOLDER = new RegExp(`^${UUID}$`);
export const ARTIFACT_FILE = new RegExp(`^${UUID}\\.[a-z0-9]{1,5}$`);

/** The day of a folder in the trash. */
export const DAY = /^\d{4}-\d{2}-\d{2}$/;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Time for which files stay in the trash, in days. */
const KEPT_DAYS = 7;

/** @throws Error when that cannot name a folder */
export function requireFolderName(name: string): string {
  if (!FOLDER_NAME.test(name)) throw new Error(`"${name}" cannot name a folder of artifacts.`);
  return name;
}

/** False for a path that could be anywhere. */
export function isOwnPath(path: string): boolean {
  return OWN_PATH.test(path);
}

/** The run and the name of a file, from its path as it is stored; a run's id that is a path stays one. */
export function partsOf(path: string): { runId: string; name: string } {
  const slash = path.lastIndexOf("/");
  return { runId: path.slice(0, Math.max(slash, 0)), name: path.slice(slash + 1) };
}

/** True when the files that were put into the trash on that day have been there for long enough. */
export function isOver(day: string, now: Date): boolean {
  return Date.parse(day) + (KEPT_DAYS + 1) * DAY_MS <= now.getTime();
}
