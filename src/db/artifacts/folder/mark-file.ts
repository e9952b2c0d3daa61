import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MARK_FILE, parseMark, type Mark } from "../mark.js";

/**
 * @returns nothing when the folder has no mark, or is not there
 * @throws Error when there is one that cannot be read
 */
export async function readMark(folder: string): Promise<Mark | undefined> {
  try {
    return parseMark(await readFile(join(folder, MARK_FILE), "utf8"));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new Error(`${join(folder, MARK_FILE)} cannot be read`, { cause: error });
  }
}
