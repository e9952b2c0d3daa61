import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engineKindOf } from "../../../src/db/engines.js";
import { POSTGRES } from "../../../src/db/postgres/kind.js";
import { SQLITE } from "../../../src/db/sqlite/kind.js";

const SRC = new URL("../../../src/db/", import.meta.url).pathname;

test.each([
  ["file:./data/stepwire.db", SQLITE],
  ["FILE:/srv/stepwire.db", SQLITE],
  ["postgresql://stepwire@db.example.com/stepwire", POSTGRES],
  ["postgres://stepwire@db.example.com/stepwire", POSTGRES],
])("%s names its kind of database", async (url, kind) => {
  expect(await engineKindOf(url)).toBe(kind);
});

test.each([
  ["mysql://me:secret@host/db", /must name a file/],
  ["", /must name a file/],
])("%s is refused by all that opens, copies or replaces a database", async (url, message) => {
  const kind = await engineKindOf(url);
  const options = { url, file: "backup.db", force: false, now: new Date(), log: undefined as never };

  for (const action of ["openForServer", "openForCommand", "backUp", "restore"] as const) {
    await expect(kind[action](options)).rejects.toThrow(/DATABASE_URL/);
  }
  await expect(kind.openForServer(options)).rejects.toThrow(message);
});

test("SQL and the words of one kind of database stand in its folder only", async () => {
  const names = await readdir(SRC, { recursive: true });
  const portable = names.filter(
    (name) => name.endsWith(".ts") && !/^(sqlite|postgres|generated)\//.test(name),
  );
  expect(portable).toContain("stores/execution-store.ts");

  for (const name of portable) {
    const text = await readFile(join(SRC, name), "utf8");
    expect(`${name}: ${text}`).not.toMatch(
      /\$(queryRaw|executeRaw)|PRAGMA|SQLITE_|adapter-(libsql|pg)|from "pg"/,
    );
  }
});
