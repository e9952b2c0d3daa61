import { existsSync } from "node:fs";
import { CommandError } from "./command-context.js";

/**
 * Makes sure that a command which only looks, or changes what is there, makes no database.
 *
 * @param url `DATABASE_URL`
 * @param otherwise what else may be done
 * @throws CommandError when there is none
 */
export function requireDatabase(url: string, otherwise?: string): void {
  const [, path = ""] = /^file:([^?]*)/.exec(url) ?? [];
  // A URL that names no file is refused when it is opened.
  if (path === "" || existsSync(path)) return;
  throw new CommandError(
    `There is no database ${path}. Set DATABASE_URL${otherwise === undefined ? "" : `, ${otherwise}`}.`,
  );
}
