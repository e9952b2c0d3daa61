import type { Config } from "../config.js";
import { lookAtDatabase, type DatabaseState } from "../db/index.js";
import { good, warning, type Finding } from "./finding.js";
import { examineFolder } from "./folders.js";

const PART = "database";

/**
 * The database, and the folder that it is in.
 *
 * @throws DatabaseStartError with the remedy where it cannot be used
 */
export async function examineDatabase(config: Config): Promise<Finding[]> {
  const state = await lookAtDatabase(config.DATABASE_URL);
  if (state.folder === undefined) return findingsOf(state);
  const folder = { variable: "DATABASE_URL", folder: state.folder };
  return [...findingsOf(state), await examineFolder(folder, config)];
}

function findingsOf({ place, isThere, pendingMigrations, holder }: DatabaseState): Finding[] {
  if (!isThere) return [good(PART, `There is none at ${place} yet; the server makes it when it starts.`)];
  const findings = [good(PART, `${place} is sound.`)];
  if (holder !== undefined) findings.push(good(PART, `It is in use by ${holder}.`));
  if (pendingMigrations > 0) {
    const count = pendingMigrations === 1 ? "1 migration" : `${pendingMigrations} migrations`;
    findings.push(
      warning(PART, `It is of an earlier version: the next start applies ${count}. Back it up before.`),
    );
  }
  return findings;
}
