import { expect } from "vitest";
import { startedAppTest } from "../../support/app-fixtures.js";
import { type Message } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";

const OPEN = [{ action: "navigate", url: "http://app.test/" }];

const isAnswerTo =
  (requestId: string, ...types: string[]) =>
  ({ type, request_id }: Message) =>
    request_id === requestId && (types.length === 0 || types.includes(type));

const test = startedAppTest();

test("messages above the rate are answered with when to try again, and the connection goes on", async ({
  start,
  connect,
}) => {
  await start({ MESSAGES_PER_SECOND: "5", MESSAGE_BURST: "10" });
  const [client, other] = [await connect(), await connect()];
  for (let index = 0; index < 12; index++) {
    client.send({ type: "unsubscribe", run_id: "none", request_id: `u${index}` });
  }
  const refusal = await client.next(isAnswerTo("u11"));
  expect(refusal).toMatchObject({ type: "execution_error", code: "rate_limited", run_id: "none" });
  expect(Number(refusal["retry_after_ms"])).toBeGreaterThan(0);
  expect(Number(refusal["retry_after_ms"])).toBeLessThanOrEqual(1_000);
  expect(client.received.filter(({ type }) => type === "unsubscribed")).toHaveLength(10);

  client.send({ type: "generate_test_case", description: "Open http://app.test/.", request_id: "g" });
  expect(await client.next(isAnswerTo("g"))).toMatchObject({
    type: "generation_error",
    code: "rate_limited",
  });
  other.send({ type: "unsubscribe", run_id: "none" });
  await other.next("unsubscribed");
});

test("whoever goes on although it is refused is disconnected", async ({ start, connect }) => {
  await start({ MESSAGES_PER_SECOND: "1", MESSAGE_BURST: "1" });
  const client = await connect();
  for (let index = 0; index < 200; index++) client.send({ type: "unsubscribe", run_id: "none" });
  expect(await client.untilClosed()).toMatchObject({ code: 4429 });
});

test("generations are limited for each principal", async ({ start, connect }) => {
  await start({ GENERATIONS_PER_HOUR: "1" });
  const [client, other] = [await connect(), await connect()];
  const generate = { type: "generate_test_case", description: "Open http://app.test/. Click Login." };
  client.send(generate);
  await client.next("generation_complete");
  other.send(generate);
  const refusal = await other.next("generation_error");
  expect(refusal).toMatchObject({ code: "rate_limited", success: false });
  expect(Number(refusal["retry_after_ms"])).toBeGreaterThan(3_000_000);
});

test("connections are limited for each address", async ({ start, connect }) => {
  await start({ MAX_CONNECTIONS_PER_ADDRESS: "2" });
  const first = await connect();
  await connect();
  const third = await connect();
  expect(await third.untilClosed()).toMatchObject({ code: 4431 });
  first.close();
  await expect
    .poll(async () => {
      const again = await connect();
      again.send({ type: "unsubscribe", run_id: "none" });
      return again.next("unsubscribed").then(
        ({ type }) => type,
        () => "closed",
      );
    })
    .toBe("unsubscribed");
});

test("connections are limited in all", async ({ start, connect }) => {
  await start({ MAX_CONNECTIONS: "1" });
  await connect();
  const second = await connect();
  expect(await second.untilClosed()).toMatchObject({ code: 4430 });
});

test("waiting runs are told where they stand as the queue moves, and are limited for each principal", async ({
  start,
  startedApp,
  pool,
  connect,
}) => {
  await start({ MAX_QUEUED_RUNS_PER_PRINCIPAL: "3" });
  const { stepIds } = await startedApp().createCase([OPEN]);
  const releases: (() => void)[] = [];
  pool.page.navigate = () => new Promise((resolve) => releases.push(resolve));
  const client = await connect();
  // All at once: what is about to be saved counts too.
  for (let index = 0; index < 5; index++) {
    client.send({ type: "execute_step", step_id: stepIds[0], request_id: `r${index}` });
  }
  expect(await client.next("execution_error")).toMatchObject({ code: "queue_full" });
  const refused = client.received
    .filter(({ code }) => code === "queue_full")
    .map(({ request_id }) => request_id);
  expect(refused).toEqual(["r4"]);
  await client.next(({ type, position }) => type === "queued" && position === 3);

  const positionsOf = (requestId: string) =>
    client.received.filter(isAnswerTo(requestId, "queued")).map(({ position }) => position);
  for (let running = 0; running < 4; running++) {
    await client.next(isAnswerTo(`r${running}`, "progress"));
    await expect.poll(() => releases.length).toBe(running + 1);
    releases[running]?.();
    const moved = ({ position }: Message) => position === 2 - running;
    if (running < 2) await client.next((message) => isAnswerTo("r3", "queued")(message) && moved(message));
  }
  await client.next(isAnswerTo("r3", "execution_complete"));
  expect(positionsOf("r0")).toEqual([]);
  expect(positionsOf("r3")).toEqual([3, 2, 1]);
});

test("a run with a higher priority begins before others of its principal that wait", async ({
  start,
  startedApp,
  pool,
  connect,
}) => {
  await start();
  const { caseId, stepIds } = await startedApp().createCase([OPEN]);
  const releases: (() => void)[] = [];
  pool.page.navigate = () => new Promise((resolve) => releases.push(resolve));
  const client = await connect();
  const execute = { type: "execute_step", step_id: stepIds[0] };
  client.send({ ...execute, request_id: "first" });
  await client.next(isAnswerTo("first", "progress"));
  client.send({ ...execute, request_id: "normal" });
  await client.next(isAnswerTo("normal", "queued"));
  client.send({ ...execute, priority: 2, request_id: "low" });
  await client.next(isAnswerTo("low", "queued"));
  client.send({ type: "execute_all", test_case_id: caseId, priority: 8, request_id: "high" });
  expect(await client.next(isAnswerTo("high", "queued"))).toMatchObject({ position: 1 });
  for (let ended = 0; ended < 4; ended++) {
    await expect.poll(() => releases.length).toBe(ended + 1);
    releases[ended]?.();
  }
  await client.next(isAnswerTo("low", "execution_complete"));
  const started = client.received.filter(({ type }) => type === "execution_started");
  expect(started.map(({ request_id }) => request_id)).toEqual(["first", "high", "normal", "low"]);
});

test("a principal has only so many runs under way", async ({ start, startedApp, connect }) => {
  await start({ MAX_RUNNING_RUNS_PER_PRINCIPAL: "1" }, new FakePool(2));
  const { stepIds } = await startedApp().createCase([OPEN]);
  const client = await connect();
  for (let index = 0; index < 4; index++) {
    client.send({ type: "execute_step", step_id: stepIds[0], request_id: `r${index}` });
  }
  for (let index = 0; index < 4; index++) await client.next(isAnswerTo(`r${index}`, "execution_complete"));
  const open = { count: 0, most: 0 };
  for (const { type } of client.received) {
    if (type === "execution_started") open.most = Math.max(open.most, ++open.count);
    if (type === "execution_complete") open.count--;
  }
  expect(open.most).toBe(1);
});
