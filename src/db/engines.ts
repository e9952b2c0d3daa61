import type { EngineKind } from "./engine.js";

/** A kind is loaded when a URL names it: each brings a driver and a client of Prisma's. */
const sqlite = async () => (await import("./sqlite/kind.js")).SQLITE;
const postgres = async () => (await import("./postgres/kind.js")).POSTGRES;

/** The kinds of databases, by the scheme of their URLs. */
const KINDS: ReadonlyMap<string, () => Promise<EngineKind>> = new Map([
  ["file", sqlite],
  ["postgresql", postgres],
  ["postgres", postgres],
]);

/** The kind of database that a `DATABASE_URL` names. Any other URL gets the one whose error says what to name. */
export async function engineKindOf(url: string): Promise<EngineKind> {
  const scheme = /^[a-z]+(?=:)/i.exec(url)?.[0].toLowerCase() ?? "";
  return await (KINDS.get(scheme) ?? sqlite)();
}
