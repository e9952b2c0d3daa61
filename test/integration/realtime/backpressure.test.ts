import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { startedAppTest } from "../../support/app-fixtures.js";
import type { TestClient } from "../../support/client.js";
import { type Message } from "../../support/client.js";

const PICTURE_BYTES = 200_000;
const OPEN = { action: "navigate", url: "http://app.test/" };
const chatter = (lines: number, text = "") =>
  Array.from({ length: lines }, (_, index) => ({ action: "log", message: `${index} ${text}` }));
/** Commands whose events have 19 KB each, which compression makes no smaller than 14. */
const flood = (lines: number) => [
  { action: "set_variable", variable: "noise", value: randomBytes(14_000).toString("base64") },
  ...chatter(lines, "${noise}"),
];
/** The same, with a command after each that a test can hold. */
const pacedFlood = (lines: number) => flood(lines).flatMap((command) => [command, OPEN]);

/** Pictures that are taken one after the other: each once a client has the one before. */
function picturesAtThePaceOf(client: () => TestClient | undefined): () => Promise<Uint8Array> {
  let taken = 0;
  return async () => {
    const before = taken++;
    const has = () => client()?.received.filter(({ type }) => type === "screenshot").length ?? 0;
    await client()?.next(() => has() >= before);
    return Buffer.alloc(PICTURE_BYTES, 1);
  };
}

const eventsOf = ({ received }: TestClient) => received.filter(({ seq }) => seq !== undefined);
const seqs = (events: Message[]) => events.map(({ seq }) => seq);
const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

const test = startedAppTest()
  /** Commands that end once a client has heard of everything before them. */
  .extend(
    "navigationAtThePaceOf",
    ({ pool }) =>
      (client: () => TestClient | undefined): (() => Promise<void>) => {
        const { page } = pool;
        let navigations = 0;
        return async () => {
          navigations++;
          await page.hold;
          const opened = () =>
            client()?.received.filter(({ type, action }) => type === "progress" && action === "navigate")
              .length ?? 0;
          await client()?.next(() => opened() >= navigations);
        };
      },
  )
  /** A run that is held before its commands while a client that reads and one that does not begin to watch it. */
  .extend("watchedRun", ({ startedApp, pool, connect }) => async (script: object[]) => {
    const { stepIds } = await startedApp().createCase([[OPEN, ...script]]);
    let release: () => void = () => undefined;
    pool.page.hold = new Promise((resolve) => (release = resolve));
    const [starter, healthy, stalled] = [await connect(), await connect(), await connect()];
    starter.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id: runId } = await starter.next("progress");
    for (const client of [healthy, stalled]) {
      client.send({ type: "subscribe", run_id: runId });
      await client.next("progress");
    }
    stalled.socket.pause();
    pool.page.hold = undefined;
    release();
    return { starter, healthy, stalled, runId };
  });

test("a client that stalls loses pictures first, is told so, and misses no event", async ({
  start,
  pool,
  clients,
  watchedRun,
  startedApp,
}) => {
  await start({ MAX_CONNECTIONS_PER_ADDRESS: "0", SEND_BUFFER_BYTES: "8000000" });
  pool.page.screenshot = picturesAtThePaceOf(() => clients.all[1]);
  const { healthy, stalled, runId } = await watchedRun(chatter(60));
  const complete = await healthy.next("subscription_complete");
  const pictures = eventsOf(healthy).filter(({ type }) => type === "screenshot");
  expect(pictures).toHaveLength(61);
  expect(pictures.every(({ image }) => String(image).length > PICTURE_BYTES)).toBe(true);

  stalled.socket.resume();
  await stalled.next("subscription_complete");
  expect(seqs(eventsOf(stalled))).toEqual(oneTo(Number(complete["last_seq"])));
  const lost = eventsOf(stalled).filter(({ type, image }) => type === "screenshot" && image === "");
  expect(lost.length).toBeGreaterThan(10);
  const told = stalled.received.filter(({ type }) => type === "screenshots_dropped");
  expect(told.reduce((sum, { count }) => sum + Number(count), 0)).toBe(lost.length);
  expect(told[0]).toMatchObject({ run_id: runId });
  const fetched = await fetch(`http://${startedApp().address}${String(lost[0]?.["url"])}`);
  expect((await fetched.arrayBuffer()).byteLength).toBe(PICTURE_BYTES);
});

test("a client that stalls past the limit is told from where to go on, and nobody else notices", async ({
  start,
  pool,
  navigationAtThePaceOf,
  clients,
  watchedRun,
}) => {
  await start({ MAX_CONNECTIONS_PER_ADDRESS: "0", SEND_BUFFER_BYTES: "1000000", SCREENSHOTS: "off" });
  pool.page.navigate = navigationAtThePaceOf(() => clients.all[1]);
  // More than the network between the two takes by itself.
  const { starter, healthy, stalled, runId } = await watchedRun(pacedFlood(240));
  const { last_seq: last } = await healthy.next("subscription_complete");
  expect(seqs(eventsOf(healthy))).toEqual(oneTo(Number(last)));
  expect(await starter.next("execution_complete")).toMatchObject({ status: "passed" });

  stalled.socket.resume();
  const behind = await stalled.next("behind");
  expect(behind).toMatchObject({ run_id: runId, last_seq: eventsOf(stalled).length });
  expect(Number(behind["last_seq"])).toBeLessThan(Number(last));
  stalled.send({ type: "subscribe", run_id: runId, after_seq: behind["last_seq"] });
  await stalled.next("subscription_complete");
  expect(seqs(eventsOf(stalled))).toEqual(oneTo(Number(last)));
});

test("a replay waits for a client that reads slowly instead of being cut off", async ({
  start,
  startedApp,
  connect,
}) => {
  await start({ MAX_CONNECTIONS_PER_ADDRESS: "0", SEND_BUFFER_BYTES: "100000", SCREENSHOTS: "off" });
  const { stepIds } = await startedApp().createCase([flood(450)]);
  const starter = await connect();
  starter.send({ type: "execute_step", step_id: stepIds[0] });
  const { run_id: runId } = await starter.next("progress");
  const isOver = () => startedApp().get(`/api/runs/${String(runId)}`);
  await expect.poll(isOver, { timeout: 10_000 }).toMatchObject({ status: "passed" });
  const stored = await (
    await fetch(`http://${startedApp().address}/api/runs/${String(runId)}/events`)
  ).text();
  const last = stored.trim().split("\n").length;

  const slow = await connect();
  slow.socket.pause();
  slow.send({ type: "subscribe", run_id: runId });
  // Answered after the stalled replay has begun, by a server that goes on.
  await startedApp().get(`/api/runs/${String(runId)}`);
  slow.socket.resume();
  await slow.next("subscription_complete");
  expect(slow.received.map(({ type }) => type)).not.toContain("behind");
  expect(seqs(eventsOf(slow))).toEqual(oneTo(last));
});
