import { randomBytes } from "node:crypto";
import { get, type IncomingMessage } from "node:http";
import { expect } from "vitest";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { TestClient, type Message } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { startApp } from "../../support/test-app.js";

const HELD = [{ action: "navigate", url: "http://app.test/" }];
const chatter = (lines: number) =>
  Array.from({ length: lines }, (_, index) => ({ action: "log", message: `Line ${index}` }));

interface ServerSentEvent {
  id: string;
  event: Message;
}

/** The events of a stream, parsed as the standard says, until it ends. */
async function* eventsIn(response: Response): AsyncGenerator<ServerSentEvent> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    yield* blocks.flatMap(parseBlock);
  }
  expect(text).toBe("");
}

/** A block without fields is a comment. */
function parseBlock(block: string): ServerSentEvent[] {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name !== "") fields.set(name, value);
  }
  if (fields.size === 0) return [];
  return [{ id: fields.get("id") ?? "", event: JSON.parse(fields.get("data") ?? "") as Message }];
}

async function all(response: Response): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of eventsIn(response)) events.push(event);
  return events;
}

const test = sharedAppTest()
  /** Starts a run and holds it in its first command. */
  .extend("holdRun", ({ testApp, pool }) => async (script: object[]) => {
    const { stepIds } = await testApp.createCase([script]);
    let release: () => void = () => undefined;
    pool.page.hold = new Promise((resolve) => (release = resolve));
    const starter = await TestClient.connect(testApp.address);
    starter.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id } = await starter.next("progress");
    const finish = async () => {
      pool.page.hold = undefined;
      release();
      await starter.next("execution_complete");
      starter.close();
    };
    return { path: `/api/runs/${String(run_id)}/events`, finish };
  })
  .extend(
    "request",
    ({ testApp }) =>
      (path: string, headers: Record<string, string> = {}) =>
        fetch(`http://${testApp.address}${path}`, { headers: { accept: "text/event-stream", ...headers } }),
  )
  .extend("storedEvents", ({ testApp }) => async (path: string): Promise<Message[]> => {
    const response = await fetch(`http://${testApp.address}${path}`, {
      headers: { accept: "application/json" },
    });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    return (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Message);
  });

test("a run under way is streamed to its end, from the first event", async ({
  holdRun,
  request,
  storedEvents,
}) => {
  const { path, finish } = await holdRun([...HELD, ...chatter(30)]);
  const response = await request(path);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  expect(response.headers.get("cache-control")).toContain("no-cache");
  const streaming = all(response);
  await finish();
  const events = await streaming;
  expect(events.map(({ event }) => event)).toEqual(await storedEvents(path));
  expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => String(index + 1)));
});

test("a run that is over is streamed too, however many events it has", async ({
  holdRun,
  request,
  storedEvents,
}) => {
  const { path, finish } = await holdRun([...HELD, ...chatter(120)]);
  await finish();
  const events = await all(await request(path));
  expect(events.length).toBeGreaterThan(300);
  expect(events.map(({ event }) => event)).toEqual(await storedEvents(path));
});

test("a client that comes back goes on after the last event it had", async ({
  holdRun,
  testApp,
  request,
  storedEvents,
}) => {
  const { path, finish } = await holdRun([...HELD, ...chatter(5)]);
  const lost = new AbortController();
  const first = await fetch(`http://${testApp.address}${path}`, {
    headers: { accept: "text/event-stream" },
    signal: lost.signal,
  });
  const { value } = await eventsIn(first).next();
  lost.abort();
  const { id } = value as ServerSentEvent;
  expect(id).toBe("1");
  // The header that a browser sends by itself wins over what the address said at first.
  const second = await request(`${path}?after_seq=3`, { "last-event-id": id });
  const streaming = all(second);
  await finish();
  const stored = await storedEvents(path);
  expect((await streaming).map(({ event }) => event)).toEqual(stored.slice(1));
  expect((await all(await request(`${path}?after_seq=3`))).map(({ event }) => event)).toEqual(
    stored.slice(3),
  );
});

test("a browser is told not to come back for a run of which it has everything", async ({
  holdRun,
  storedEvents,
  request,
}) => {
  const { path, finish } = await holdRun(HELD);
  await finish();
  const last = (await storedEvents(path)).length;
  expect((await request(path, { "last-event-id": String(last) })).status).toBe(204);
  expect(await all(await request(path, { "last-event-id": String(last - 1) }))).toHaveLength(1);
});

test.for(["x", "-1", "1.5", "99999999999999999999"])(
  "Last-Event-ID %s is refused",
  async (id, { holdRun, request }) => {
    const { path, finish } = await holdRun(HELD);
    await finish();
    const response = await request(path, { "last-event-id": id });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_message" } });
  },
);

test("a run that does not exist is not found", async ({ request }) => {
  expect((await request("/api/runs/none/events")).status).toBe(404);
});

test("a client that does not read is cut off, keeps no run waiting, and goes on with Last-Event-ID", async () => {
  const own = new FakePool(1);
  const flooded = await startApp({ SCREENSHOTS: "off" }, { pool: own });
  let release: () => void = () => undefined;
  own.page.hold = new Promise((resolve) => (release = resolve));
  const noise = { action: "set_variable", variable: "noise", value: randomBytes(14_000).toString("base64") };
  const lines = Array.from({ length: 490 }, () => ({ action: "log", message: "${noise}" }));
  const { stepIds } = await flooded.createCase([[...HELD, noise, ...lines]]);
  const starter = await TestClient.connect(flooded.address);
  starter.send({ type: "execute_step", step_id: stepIds[0] });
  const { run_id } = await starter.next("progress");
  const path = `/api/runs/${String(run_id)}/events`;
  const stalled = await new Promise<IncomingMessage>((resolve) => {
    get(`http://${flooded.address}${path}`, { headers: { accept: "text/event-stream" } }, resolve);
  });
  const cut = new Promise((resolve) => stalled.once("error", resolve));
  stalled.pause();
  own.page.hold = undefined;
  release();
  const run = () => flooded.get(path.replace("/events", ""));
  await expect.poll(run, { timeout: 20_000 }).toMatchObject({ status: "passed" });
  starter.close();

  let text = "";
  stalled.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  stalled.resume();
  expect(await cut).toMatchObject({ code: "ECONNRESET" });
  const had = text.split("\n\n").slice(0, -1).flatMap(parseBlock);
  const stored = (await (await fetch(`http://${flooded.address}${path}`)).text()).trim().split("\n");
  expect(had.length).toBeLessThan(stored.length);
  const headers = { accept: "text/event-stream", "last-event-id": had.at(-1)?.id ?? "" };
  const rest = await all(await fetch(`http://${flooded.address}${path}`, { headers }));
  expect([...had, ...rest].map(({ event }) => JSON.stringify(event))).toEqual(stored);
  await flooded.close();
});

test("a server that stops ends its streams with the verdict", async () => {
  const own = new FakePool(1);
  const stopping = await startApp({}, { pool: own });
  own.page.hold = new Promise(() => undefined);
  const { stepIds } = await stopping.createCase([HELD]);
  const starter = await TestClient.connect(stopping.address);
  starter.send({ type: "execute_step", step_id: stepIds[0] });
  const { run_id } = await starter.next("progress");
  const response = await fetch(`http://${stopping.address}/api/runs/${String(run_id)}/events`, {
    headers: { accept: "text/event-stream" },
  });
  const streaming = all(response);
  await stopping.close();
  expect((await streaming).at(-1)?.event).toMatchObject({ type: "execution_complete", status: "error" });
});
