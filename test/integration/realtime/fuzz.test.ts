import type { Duplex } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect } from "vitest";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { TestClient } from "../../support/client.js";

const FRAMES = 100_000;
const CONNECTIONS = 10;
/** Frames on their way before the answer to a valid request is waited for. */
const BATCH = 250;

const valid = [
  { type: "execute_step", step_id: 1 },
  { type: "execute_all", test_case_id: 1, on_failure: "continue", retries: 1 },
  { type: "cancel", run_id: "none" },
  { type: "pause", run_id: "none" },
  { type: "subscribe", run_id: "none", after_seq: 3 },
  { type: "unsubscribe", run_id: "none" },
  { type: "hello", protocol: 1, screenshots: "url" },
];

const nasty = fc.oneof(
  fc.constantFrom(
    null,
    true,
    -1,
    0,
    1e308,
    -0,
    2 ** 53,
    1.5,
    "",
    "\u0000",
    "\ud800",
    "5",
    "__proto__",
    "constructor",
    [],
    {},
  ),
  fc.string({ maxLength: 100 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A valid message of which one field has another value, is gone, or is joined by one that is not known. */
const mutated = fc
  .record({ message: fc.constantFrom(...valid), field: fc.nat(5), value: nasty, how: fc.nat(3) })
  // Another version of the protocol closes the connection, as it should.
  .filter(({ message, value }) => message.type !== "hello" || typeof value !== "number")
  .map(({ message, field, value, how }) => {
    const fields = Object.entries<unknown>(message);
    const index = field % fields.length;
    const [name] = fields[index] ?? [""];
    if (how === 0) fields.splice(index, 1);
    else if (how === 1) fields.push([`${name}x`, value]);
    else fields[index] = [name, value];
    return JSON.stringify(Object.fromEntries(fields));
  });

const cut = fc
  .tuple(fc.constantFrom(...valid), fc.nat(60))
  .map(([message, length]) => JSON.stringify(message).slice(0, length));

const handmade = fc.constantFrom(
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  `{"a":`.repeat(5_000),
  `{"type":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
  `{"type":"execute_step","step_id":${"9".repeat(400)}}`,
  `{"type":"execute_step","step_id":1e999}`,
  `{"type":"execute_step","step_id":-1e-999}`,
  `{"type":"cancel","run_id":"none","__proto__":{"type":"hello"}}`,
  `{"__proto__":{"type":"execute_step","step_id":1}}`,
  `{"type":"execute_step","step_id":1,"constructor":{"prototype":{"polluted":true}}}`,
  `{"type":"hello","type":"cancel","run_id":"none"}`,
  `{"type":"${"x".repeat(10_000)}"}`,
  "\ufeff{}",
  "NaN",
);

const frame = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 2, arbitrary: cut },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: handmade },
);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Sends frames, and valid requests in between, and forgets what came back. */
async function send(client: TestClient, frames: string[], round: number): Promise<void> {
  for (const text of frames) client.socket.send(text);
  const requestId = `valid-${round}`;
  client.send({ type: "unsubscribe", run_id: "none", request_id: requestId });
  const answer = await client.next(({ request_id }) => request_id === requestId);
  expect(answer).toEqual({ type: "unsubscribed", run_id: "none", request_id: requestId });
  client.received.length = 0;
}

const test = sharedAppTest()
  .override("environment", {
    MESSAGES_PER_SECOND: "0",
    GENERATIONS_PER_HOUR: "0",
    MAX_QUEUED_RUNS_PER_PRINCIPAL: "0",
  })
  /** The server goes on as ever. */
  .extend("expectThatARunPasses", ({ testApp }) => async (): Promise<void> => {
    const { stepIds } = await testApp.createCase([[{ action: "navigate", url: "http://app.test/" }]]);
    const client = await TestClient.connect(testApp.address);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    expect(await client.next("execution_complete")).toMatchObject({ status: "passed" });
    client.close();
  });

test(
  "100,000 frames of any kind crash nothing, leave nothing behind and keep no valid request from its answer",
  { timeout: 60_000 },
  async ({ testApp, expectThatARunPasses }) => {
    // Drawn from once and used in another order by each connection: making frames costs more than handling them.
    const frames = fc.sample(frame, { numRuns: 20_000, seed: 20260113 });
    const perConnection = FRAMES / CONNECTIONS;
    const storm = async (count: number) => {
      const connections = Array.from({ length: CONNECTIONS }, async (_, number) => {
        const client = await TestClient.connect(testApp.address);
        let answers = 0;
        client.socket.on("message", () => answers++);
        for (let sent = 0; sent < count; sent += BATCH) {
          const start = (number * perConnection + sent) % frames.length;
          await send(client, frames.slice(start, start + BATCH), sent);
        }
        // One answer to each frame, valid or not; some come later than that to the request after them.
        await expect.poll(() => answers, { timeout: 10_000 }).toBe(count + count / BATCH);
        client.close();
        await client.untilClosed();
      });
      await Promise.all(connections);
    };
    await storm(1_000);
    const before = heapAfterCollection();
    await storm(perConnection);
    expect(Object.prototype).not.toHaveProperty("polluted");
    await expect.poll(() => testApp.app.connections.size).toBe(0);
    await expect.poll(heapAfterCollection, { timeout: 5_000 }).toBeLessThan(before + 16 * 1024 * 1024);

    await expectThatARunPasses();
  },
);

/** Bytes on the wire after the handshake, where a frame is expected. */
const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });

test("random bytes instead of frames, in binary frames and as text end their own connection and nothing else", async ({
  testApp,
  expectThatARunPasses,
}) => {
  const bystander = await TestClient.connect(testApp.address);
  const random = fc.sample(bytes, { numRuns: 600, seed: 20260114 });
  for (let index = 0; index < random.length; index += 30) {
    const sending = random.slice(index, index + 30).map(async (sent, number) => {
      const client = await TestClient.connect(testApp.address);
      const how = number % 3;
      if (how === 0) client.socket.send(sent, { binary: true });
      // 0xff is nowhere in UTF-8.
      else if (how === 1) client.socket.send(Buffer.from([...sent, 0xff]), { binary: false });
      else {
        // An opcode that does not exist; whatever follows it is not looked at.
        tcpOf(client).write(Buffer.from([0x8f, ...sent]));
      }
      const { code } = await client.untilClosed();
      expect(code).toBe([4400, 1007, 1002][how]);
    });
    await Promise.all(sending);
  }
  bystander.send({ type: "unsubscribe", run_id: "none" });
  await bystander.next("unsubscribed");
  bystander.close();
  await expect.poll(() => testApp.app.connections.size).toBe(0);
  await expectThatARunPasses();
});

/** The connection below a client's WebSocket. */
function tcpOf(client: TestClient): Duplex {
  // `ws` keeps it in a private field and hands it to nobody else.
  return (client.socket as unknown as { _socket: Duplex })._socket;
}
