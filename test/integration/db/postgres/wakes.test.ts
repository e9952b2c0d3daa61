import pg from "pg";
import { expect } from "vitest";
import { locationOf } from "../../../../src/db/postgres/location.js";
import { PostgresWakes } from "../../../../src/db/postgres/wakes.js";
import { eventsOf } from "../../../../src/wakes/ports.js";
import { folderTest } from "../../../support/scratch-fixtures.js";
import { silentLog } from "../../../support/silent-log.js";
import { databaseUrlIn, dropDatabase } from "../../../support/test-databases.js";

const test = folderTest
  .extend("url", async ({ folder }, { onCleanup }) => {
    const url = await databaseUrlIn(folder);
    onCleanup(() => dropDatabase(url));
    return url;
  })
  .extend("session", async ({ url }, { onCleanup }) => {
    const client = new pg.Client(url);
    await client.connect();
    onCleanup(() => client.end());
    return client;
  })
  /** The wakes of a server, once their connection listens. */
  .extend("open", ({ url, session }, { onCleanup }) => {
    const opened: PostgresWakes[] = [];
    onCleanup(async () => {
      await Promise.all(opened.map((wakes) => wakes.close()));
    });
    return async () => {
      const wakes = new PostgresWakes(locationOf(url), silentLog);
      opened.push(wakes);
      await expect.poll(() => listening(session), { interval: 10 }).toBe(opened.length);
      return wakes;
    };
  });

/** The number of connections that wait for notifications. */
async function listening(session: pg.Client): Promise<number | undefined> {
  const { rows } = await session.query<{ count: number }>(
    `SELECT COUNT(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'stepwire server' AND state = 'idle'
       AND query ~ '^(LISTEN|SELECT pg_notify)'`,
  );
  return rows[0]?.count;
}

const RUN = eventsOf("run");

test("a wake reaches this server and every other one, once each, and those of other topics not", async ({
  open,
}) => {
  const [one, two] = [await open(), await open()];
  const heard: string[] = [];
  one.listen(RUN, () => heard.push("one"));
  two.listen(RUN, () => heard.push("two"));
  two.listen(eventsOf("another run"), () => heard.push("another"));

  one.wake(RUN);

  expect(heard).toEqual(["one"]);
  await expect.poll(() => heard, { interval: 5 }).toEqual(["one", "two"]);
  two.wake(RUN);
  await expect.poll(() => heard, { interval: 5 }).toEqual(["one", "two", "two", "one"]);
});

test("more topics at once than a notification holds all arrive", async ({ open }) => {
  const [one, two] = [await open(), await open()];
  const topics = Array.from({ length: 950 }, (_, index) => eventsOf(`${index}-${"x".repeat(36)}`));
  let heard = 0;
  for (const topic of topics) two.listen(topic, () => heard++);

  one.wake(...topics);

  await expect.poll(() => heard, { interval: 5 }).toBe(950);
});

test("a connection that breaks is made again, and everybody looks at what may have been missed", async ({
  open,
  session,
}) => {
  const [one, two] = [await open(), await open()];
  let heard = 0;
  two.listen(RUN, () => heard++);
  await session.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stepwire server' AND datname = current_database()",
  );
  // While it is away.
  one.wake(RUN);

  await expect.poll(() => listening(session), { interval: 10 }).toBe(2);
  await expect.poll(() => heard).toBeGreaterThan(0);
  const before = heard;
  one.wake(RUN);
  await expect.poll(() => heard).toBeGreaterThan(before);
});
