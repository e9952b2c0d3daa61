import { describe, expect } from "vitest";
import WebSocket from "ws";
import { ServerMessage } from "../../../src/protocol/messages.js";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { TestClient } from "../../support/client.js";

const OPEN = [{ action: "navigate", url: "http://app.test/" }];
const LONG_LOG = [{ action: "log", message: "long ".repeat(2_000) }];

const test = sharedAppTest()
  .override("environment", { SEND_BUFFER_BYTES: "100000", GENERATIONS_PER_HOUR: "0" })
  /** Bytes that came over the network for one run. */
  .extend("bytesFor", ({ testApp, clients }) => async (script: object[], perMessageDeflate: boolean) => {
    const socket = new WebSocket(`ws://${testApp.address}/ws/execute-step`, { perMessageDeflate });
    let upgraded = 0;
    let read: () => number = () => 0;
    socket.once("upgrade", ({ socket: { bytesRead } }) => (upgraded = bytesRead));
    socket.once("upgrade", (response) => (read = () => response.socket.bytesRead - upgraded));
    await new Promise((resolve) => socket.once("open", resolve));
    const client = new TestClient(socket);
    clients.all.push(client);
    const { stepIds } = await testApp.createCase([script]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    await client.next("execution_complete");
    const text = client.received.map((message) => JSON.stringify(message)).join("").length;
    return { network: read(), text, extensions: socket.extensions };
  })
  .extend("picturesOf", ({ testApp }) => async (client: TestClient): Promise<unknown[]> => {
    const { stepIds } = await testApp.createCase([OPEN]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    await client.next("execution_complete");
    return client.received.filter(({ type }) => type === "screenshot").map(({ image }) => image);
  });

describe("hello", () => {
  test("is answered with what the client may count on", async ({ connect }) => {
    const client = await connect();
    client.send({ type: "hello", protocol: 1, request_id: "h" });
    const welcome = await client.next("welcome");
    ServerMessage.parse(welcome);
    expect(welcome).toMatchObject({
      protocol: 1,
      request_id: "h",
      screenshots: "inline",
      limits: {
        max_frame_bytes: 1_048_576,
        send_buffer_bytes: 100_000,
        messages_per_second: 20,
        message_burst: 100,
        generations_per_hour: null,
      },
    });
    expect(welcome["connection_id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(welcome["features"]).toContain("subscribe");
  });

  test.for([
    ["inline", /^.+$/],
    ["url", /^$/],
  ] as const)(
    "pictures can come %s as the URL asks, without a hello",
    async ([screenshots, image], { connect, picturesOf }) => {
      const client = await connect({}, { query: `?screenshots=${screenshots}` });
      expect(await picturesOf(client)).toEqual([expect.stringMatching(image)]);
    },
  );

  test("pictures are left out as the URL asks, without a hello", async ({ connect, picturesOf }) => {
    expect(await picturesOf(await connect({}, { query: "?screenshots=off" }))).toEqual([]);
  });

  test("a form of pictures in the URL that is none closes the connection", async ({ connect }) => {
    const client = await connect({}, { query: "?screenshots=big" });
    await client.untilClosed();
    expect(client.closed).toMatchObject({ code: 4422 });
  });

  test.for([
    ["inline", /^.+$/],
    ["url", /^$/],
  ] as const)("pictures can come %s", async ([screenshots, image], { connect, picturesOf }) => {
    const client = await connect();
    client.send({ type: "hello", protocol: 1, screenshots });
    expect(await client.next("welcome")).toMatchObject({ screenshots });
    expect(await picturesOf(client)).toEqual([expect.stringMatching(image)]);
  });

  test("pictures can be left out, on this connection only", async ({ connect, picturesOf }) => {
    const [without, other] = [await connect(), await connect()];
    without.send({ type: "hello", protocol: 1, screenshots: "off" });
    expect(await picturesOf(without)).toEqual([]);
    expect(await picturesOf(other)).toHaveLength(1);
  });

  test("twice, or after something else, is refused, and the connection goes on", async ({
    connect,
    picturesOf,
  }) => {
    const client = await connect();
    client.send({ type: "hello", protocol: 1 });
    client.send({ type: "hello", protocol: 1, screenshots: "off", request_id: "again" });
    expect(await client.next("execution_error")).toMatchObject({
      code: "unexpected_hello",
      request_id: "again",
    });
    expect(await picturesOf(client)).toHaveLength(1);

    const late = await connect();
    late.send({ type: "unsubscribe", run_id: "none" });
    late.send({ type: "hello", protocol: 1 });
    expect(await late.next("execution_error")).toMatchObject({ code: "unexpected_hello" });
  });

  test("of a version that the server does not speak closes the connection, with a code of its own", async ({
    connect,
  }) => {
    const client = await connect();
    client.send({ type: "hello", protocol: 2 });
    expect(await client.untilClosed()).toMatchObject({ code: 4406 });
  });

  test("that is not valid is refused", async ({ connect }) => {
    const client = await connect();
    client.send({ type: "hello", protocol: "1" });
    expect(await client.next("execution_error")).toMatchObject({ code: "invalid_message" });
  });
});

test("a request_id that is still being answered cannot be used again", async ({ connect }) => {
  const client = await connect();
  const description = "Open http://app.test/. Check that the page shows Welcome.";
  client.send({ type: "generate_test_case", description, request_id: "g" });
  client.send({ type: "cancel", run_id: "none", request_id: "g" });
  expect(await client.next("execution_error")).toMatchObject({ code: "duplicate_request_id" });
  await client.next("generation_complete");
  client.send({ type: "unsubscribe", run_id: "none", request_id: "g" });
  expect(await client.next("unsubscribed")).toMatchObject({ request_id: "g" });
});

describe("compression", () => {
  test("makes large messages smaller for clients that can take it", async ({ bytesFor }) => {
    const plain = await bytesFor(LONG_LOG, false);
    expect(plain.network).toBeGreaterThan(plain.text);
    const compressed = await bytesFor(LONG_LOG, true);
    expect(compressed.extensions).toContain("permessage-deflate");
    expect(compressed.network).toBeLessThan(compressed.text / 3);
  });

  test("leaves small messages as they are", async ({ bytesFor }) => {
    const small = await bytesFor(OPEN, true);
    expect(small.network).toBeGreaterThan(small.text);
  });

  test.for([
    "permessage-deflate",
    "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
  ])("is agreed on with a client that offers %s", async (offer, { testApp }) => {
    const socket = new WebSocket(`ws://${testApp.address}/ws/execute-step`, {
      perMessageDeflate: false,
      headers: { "sec-websocket-extensions": offer },
    });
    // This client did not offer it by itself, so it refuses the answer; that there is one is what counts.
    const [response] = await new Promise<[{ headers: Record<string, string> }]>((resolve) => {
      socket.once("error", () => undefined);
      socket.once("upgrade", (message) => resolve([message as never]));
    });
    expect(response.headers["sec-websocket-extensions"]).toContain("server_no_context_takeover");
    socket.terminate();
  });
});
