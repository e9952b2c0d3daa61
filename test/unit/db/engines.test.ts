import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engineKindOf } from "../../../src/db/engines.js";

const SRC = new URL("../../../src/db/", import.meta.url).pathname;

test.each(["file:./data/stepwire.db", "FILE:/srv/stepwire.db"])("%s names the embedded database", (url) => {
  expect(engineKindOf(url)).toBe(engineKindOf("file:x.db"));
});

test.each([
  ["postgresql://me:secret@host/db", /PostgreSQL comes in a later release/],
  ["mysql://me:secret@host/db", /must name a file/],
  ["", /must name a file/],
])("%s is refused by all that opens, copies or replaces a database", async (url, message) => {
  const kind = engineKindOf(url);
  const options = { url, file: "backup.db", force: false, now: new Date(), log: undefined as never };

  for (const action of ["openForServer", "openForCommand", "backUp", "restore"] as const) {
    await expect(kind[action](options)).rejects.toThrow(/DATABASE_URL/);
  }
  await expect(kind.openForServer(options)).rejects.toThrow(message);
});

test("SQL and SQLite's own words stand in the folder of the embedded database only", async () => {
  const names = await readdir(SRC, { recursive: true });
  const portable = names.filter((name) => name.endsWith(".ts") && !/^(sqlite|generated)\//.test(name));
  expect(portable).toContain("stores/execution-store.ts");

  for (const name of portable) {
    const text = await readFile(join(SRC, name), "utf8");
    expect(`${name}: ${text}`).not.toMatch(/\$(queryRaw|executeRaw)|PRAGMA|SQLITE_|adapter-libsql/);
  }
});
