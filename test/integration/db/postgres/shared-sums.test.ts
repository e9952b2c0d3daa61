import { expect } from "vitest";
import type { Engine } from "../../../../src/db/engine.js";
import { openForServer } from "../../../../src/db/postgres/engine.js";
import { PostgresSharedSums } from "../../../../src/db/postgres/shared-sums.js";
import { ended } from "../../../support/ended.js";
import { databaseUrlTest } from "../../../support/scratch-fixtures.js";
import { silentLog } from "../../../support/silent-log.js";

const MINUTE_MS = 60_000;

const test = databaseUrlTest
  /** Sums as each server of the database has them. */
  .extend("open", ({ url }, { onCleanup }) => {
    const engines: Engine[] = [];
    onCleanup(async () => {
      for (const engine of engines) await ended("a server's database", engine.close());
    });
    return async () => {
      const engine = await openForServer({ url, log: silentLog });
      engines.push(engine);
      return { sums: new PostgresSharedSums(engine.client), client: engine.client };
    };
  });

test("the counts of two servers that come at the same time are all added up", async ({ open }) => {
  const [one, other] = [await open(), await open()];
  const keys = Array.from({ length: 50 }, (_, index) => `key ${index}`);
  const some = (points: number) => new Map(keys.map((key) => [key, points]));
  const backwards = (points: number) => new Map(keys.toReversed().map((key) => [key, points]));
  await Promise.all(
    Array.from({ length: 5 }, () => [
      one.sums.add(some(2), MINUTE_MS),
      other.sums.add(backwards(3), MINUTE_MS),
    ]).flat(),
  );
  const sums = await one.sums.add(some(1), MINUTE_MS);
  expect(sums.size).toBe(keys.length);
  for (const { sum, msLeft } of sums.values()) {
    expect(sum).toBe(5 * 2 + 5 * 3 + 1);
    expect(msLeft).toBeGreaterThan(MINUTE_MS / 2);
    expect(msLeft).toBeLessThanOrEqual(MINUTE_MS);
  }
});

test("a sum whose time is over begins anew, and those that nobody counts any more go", async ({ open }) => {
  const { sums, client } = await open();
  await sums.add(new Map([["ada", 3]]), 1);
  await sums.add(new Map([["ben", 4]]), 1);
  await expect.poll(() => client.rateCount.count({ where: { expire: { gte: new Date() } } })).toBe(0);
  const anew = await sums.add(new Map([["ada", 2]]), MINUTE_MS);
  expect(anew.get("ada")).toMatchObject({ sum: 2 });
  await expect.poll(() => client.rateCount.findMany()).toMatchObject([{ key: "ada", points: 2 }]);
});
