import { RateLimiterRes } from "rate-limiter-flexible";
import { afterEach, describe, expect, vi } from "vitest";
import { RateLimits } from "../../../src/connection/rate-limits.js";
import { engineKindOf } from "../../../src/db/engines.js";
import { PrismaLimiter } from "../../../src/db/stores/shared-limiter.js";
import { ended } from "../../support/ended.js";
import { databaseUrlTest } from "../../support/scratch-fixtures.js";
import { silentLog } from "../../support/silent-log.js";

const HOUR_MS = 3_600_000;

const test = databaseUrlTest
  .extend("client", async ({ url }, { onCleanup }) => {
    const engine = await (await engineKindOf(url)).openForServer({ url, log: silentLog });
    onCleanup(() => ended("a database", engine.close()));
    return engine.client;
  })
  /** Each as a server of the database has it. */
  .extend(
    "limiter",
    ({ client }) =>
      () =>
        new PrismaLimiter(client, { name: "generations", points: 3, seconds: 3_600 }),
  );

afterEach(() => {
  vi.useRealTimers();
});

describe("a limit that servers share", () => {
  test("counts what was taken at any of them, for each principal", async ({ limiter }) => {
    const [one, other] = [limiter(), limiter()];
    await one.consume("ada", 2);
    await other.consume("ada");

    await expect(one.consume("ada")).rejects.toBeInstanceOf(RateLimiterRes);
    await expect(other.consume("ada")).rejects.toMatchObject({ remainingPoints: 0 });
    await one.consume("ben", 3);
  });

  test("counts every one of many that come at once", async ({ limiter }) => {
    const [one, other] = [limiter(), limiter()];
    const taken = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : other).consume("ada")),
    );
    expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  });

  test("counts anew once its time is over, and leaves no rows of others behind", async ({
    client,
    limiter,
  }) => {
    await limiter().consume("ada", 3);
    await limiter().consume("ben", 3);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + HOUR_MS + 1_000 });

    await limiter().consume("ada", 3);

    expect(await client.rateCount.findMany()).toMatchObject([{ key: "generations:ada", points: 3 }]);
  });

  test("is told to a client with the time until there is more", async ({ limiter }) => {
    const limits = new RateLimits({ generationsPerHour: 3 }, limiter());
    // More than anybody may have in an hour takes the whole hour's.
    await limits.admitGeneration("ada", 7);
    await expect(limits.admitGeneration("ada")).rejects.toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("Too many generations within an hour"),
      retryAfterMs: expect.any(Number),
    });
  });
});
