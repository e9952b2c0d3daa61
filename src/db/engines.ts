import type { EngineKind } from "./engine.js";
import { backUp } from "./sqlite/backup.js";
import { openForCommand, openForServer } from "./sqlite/engine.js";
import { look } from "./sqlite/look.js";
import { restore } from "./sqlite/restore.js";

const SQLITE: EngineKind = { openForServer, openForCommand, look, backUp, restore };

/** The kinds of databases, by the scheme of their URLs. */
const KINDS: ReadonlyMap<string, EngineKind> = new Map([["file", SQLITE]]);

/** The kind of database that a `DATABASE_URL` names. Any other URL gets the one whose error says what to name. */
export function engineKindOf(url: string): EngineKind {
  const scheme = /^[a-z]+/i.exec(url)?.[0].toLowerCase() ?? "";
  return KINDS.get(scheme) ?? SQLITE;
}
