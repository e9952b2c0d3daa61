import { MARK_FILE, parseMark, type Mark } from "../mark.js";
import { nameOf } from "./location.js";
import type { BucketObjects } from "./objects.js";

/**
 * @returns nothing when the bucket has no mark
 * @throws DatabaseStartError when the bucket cannot be read; Error when there is a mark that is none
 */
export async function readMark(objects: BucketObjects): Promise<Mark | undefined> {
  const text = await objects.readText(MARK_FILE).catch((error: unknown) => {
    throw objects.unusable(error);
  });
  if (text === undefined) return undefined;
  try {
    return parseMark(text);
  } catch (error) {
    throw new Error(`${nameOf(objects.location)}/${MARK_FILE} cannot be read`, { cause: error });
  }
}
