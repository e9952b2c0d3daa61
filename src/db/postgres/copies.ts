import { BackupError } from "../backup-error.js";
import type { EngineKind } from "../engine.js";
import { locationOf } from "./location.js";

// PostgreSQL's own programs copy a database as it is at one moment, in parallel and over a network, and know every
// version of its formats. They are named instead of being called: they may not be on this machine, and have many options.

export const backUp: EngineKind["backUp"] = async ({ url }) => {
  const { place } = locationOf(url);
  throw new BackupError(
    `${place} is copied by PostgreSQL's own program: pg_dump --format=custom --file=FILE "$DATABASE_URL". For a copy as ` +
      "a file that Stepwire runs on, use: stepwire db copy --to file:FILE",
  );
};

export const restore: EngineKind["restore"] = async ({ url }) => {
  const { place } = locationOf(url);
  throw new BackupError(
    `${place} is restored by PostgreSQL's own program, with no server running: pg_restore --clean --if-exists ` +
      '--single-transaction --no-owner --dbname="$DATABASE_URL" FILE',
  );
};
