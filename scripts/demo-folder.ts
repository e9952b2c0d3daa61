import { basename, dirname, extname, join, resolve } from "node:path";
import { parseConfig, type Config } from "../src/config.js";
import { readMark } from "../src/db/artifacts/folder/mark-file.js";
import { prepareDatabaseFile } from "../src/db/sqlite/location.js";

/**
 * The demo on a database other than the usual one gets a folder of artifacts beside that, unless one is named or the
 * usual folder is that database's already. It would find the usual one taken, or take it away from the server.
 *
 * @param given `ARTIFACTS_DIR`, if it is set
 */
export async function withFolderOfItsOwn(config: Config, given: string | undefined): Promise<Config> {
  const usual = parseConfig({});
  const isUsual = resolve(fileOf(config)) === resolve(fileOf(usual));
  if (isUsual || given?.trim()) return config;
  const file = fileOf(config);
  const found = await readMark(usual.ARTIFACTS_DIR).catch(() => undefined);
  if (found?.database === file) return config;
  return { ...config, ARTIFACTS_DIR: join(dirname(file), `${basename(file, extname(file))}-artifacts`) };
}

function fileOf({ DATABASE_URL: url }: Config): string {
  return prepareDatabaseFile(url);
}
