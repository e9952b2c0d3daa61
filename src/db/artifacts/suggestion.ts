import { basename, dirname, extname, join } from "node:path";

/**
 * A name for the artifacts of a database that nobody else is likely to have.
 *
 * @param databasePlace the path of its file, or a URL without a password
 */
export function nameFor(databasePlace: string): string {
  const [, name] = /^\w+:\/\/.*\/([^/]+)$/.exec(databasePlace) ?? [];
  return `${name ?? basename(databasePlace, extname(databasePlace))}-artifacts`;
}

/** A folder with such a name, beside the file of the database where that has one. */
export function folderFor(databasePlace: string): string {
  const isFile = !/^\w+:\/\//.test(databasePlace);
  return isFile ? join(dirname(databasePlace), nameFor(databasePlace)) : `./data/${nameFor(databasePlace)}`;
}
