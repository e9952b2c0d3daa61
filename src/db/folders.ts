import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseStartError } from "./start-error.js";

/**
 * Makes a folder that can be written, with those above it.
 *
 * @param setting - Name of the environment variable that names the folder, for the message.
 * @throws DatabaseStartError when it cannot be made or written.
 */
export function prepareFolder(folder: string, setting: string): void {
  try {
    makeFolder(folder);
    // With the slash a file is refused.
    accessSync(`${folder}/`, constants.W_OK);
  } catch (cause) {
    throw new DatabaseStartError(
      `${setting}: the folder ${folder} cannot be written (${(cause as NodeJS.ErrnoException).code}). ` +
        "Make it writable for this user, or name another one.",
      { cause },
    );
  }
}

/** Not Node's `recursive: true`: in Node 20 that never returns below a folder such as /proc, which takes no folders. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
}
