import { describe, expect, test } from "vitest";
import { pendingMigrations, readMigrations } from "../../../src/db/migrations.js";
import { MIGRATIONS_FOLDER } from "../../../src/db/sqlite/migrate.js";

const migration = (name: string) => ({ name, sql: `-- ${name}`, checksum: `checksum of ${name}` });
const applied = (name: string) => ({ name, checksum: `checksum of ${name}`, finished: true });

describe("pendingMigrations", () => {
  test("are those that were not applied, in their order, also when one in the middle is missing", () => {
    const all = ["1", "2", "3", "4"].map(migration);

    expect(pendingMigrations(all, [applied("3"), applied("1")]).map(({ name }) => name)).toEqual(["2", "4"]);
    expect(pendingMigrations(all, [])).toEqual(all);
    expect(
      pendingMigrations(
        all,
        all.map(({ name }) => applied(name)),
      ),
    ).toEqual([]);
  });

  test("a half-applied one is refused as that, also when it is unknown or edited", () => {
    const half = { name: "9", checksum: "other", finished: false };

    expect(() => pendingMigrations([], [half])).toThrow(/did not finish/);
    expect(() => pendingMigrations([migration("9")], [half])).toThrow(/did not finish/);
  });
});

test("the package's own migrations are found, in the order of their dates", () => {
  const names = readMigrations(MIGRATIONS_FOLDER).map(({ name }) => name);

  expect(names.length).toBeGreaterThan(0);
  expect(names).toEqual([...names].sort());
  for (const name of names) expect(name).toMatch(/^\d{14}_\w+$/);
});
