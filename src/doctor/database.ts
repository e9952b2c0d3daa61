import type { Config } from "../config.js";
import { lookAtDatabase } from "../db/index.js";
import { good, warning, type Finding } from "./finding.js";

const PART = "database";

/** @throws DatabaseStartError with the remedy where it cannot be used */
export async function examineDatabase({ DATABASE_URL: url }: Config): Promise<Finding[]> {
  const { place, isThere, pendingMigrations, holder } = await lookAtDatabase(url);
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
