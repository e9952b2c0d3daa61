import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** The file that says whose the folder of artifacts is. */
export const MARK_FILE = "stepwire-artifacts.json";

const ABOUT =
  "The Stepwire database named here owns the artifacts in this folder. Without this file no Stepwire server uses it.";

/** The mark of a folder of artifacts, which says whose it is. */
const Mark = z.object({
  /** The same mark as in the database. */
  mark: z.string().min(1),
  /** Place of the database when it was used last. */
  database: z.string(),
});
export type Mark = z.infer<typeof Mark>;

export function newMark(): string {
  return randomUUID();
}

/**
 * @returns nothing when the folder has no mark, or is not there
 * @throws Error when there is one that cannot be read
 */
export async function readMark(folder: string): Promise<Mark | undefined> {
  try {
    return Mark.parse(JSON.parse(await readFile(join(folder, MARK_FILE), "utf8")));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new Error(`${join(folder, MARK_FILE)} cannot be read`, { cause: error });
  }
}

/**
 * Marks a folder. The mark is there as a whole or not at all.
 *
 * @param options.isNew whether there must be none yet; without it the mark takes the place of any other
 * @throws Error with the code `EEXIST` when another server was faster
 */
export async function writeMark(folder: string, mark: Mark, { isNew = false } = {}): Promise<void> {
  const text = `${JSON.stringify({ about: ABOUT, ...mark }, null, 2)}\n`;
  const place = join(folder, MARK_FILE);
  if (isNew) {
    await writeDurably(place, text);
    return;
  }
  const draft = `${place}.${randomUUID()}`;
  try {
    await writeDurably(draft, text);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeDurably(place: string, text: string): Promise<void> {
  const file = await open(place, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
