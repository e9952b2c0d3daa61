import { resolve } from "node:path";
import { adoptArtifacts, type DatabaseOptions } from "../db/index.js";

/** Gives the folder of artifacts to the database, and says what comes of it. */
export async function adopt(options: DatabaseOptions): Promise<void> {
  const before = await adoptArtifacts(options);
  console.log(`${resolve(options.artifactsDir)} belongs to this database now.`);
  if (before !== undefined) console.error(`The database ${before} had it and cannot use it any more.`);
  console.error(
    "Start the server again, should it be running. Files in the folder that the database does not know go to its trash for seven days; artifacts whose files are not in it are listed as missing.",
  );
}
