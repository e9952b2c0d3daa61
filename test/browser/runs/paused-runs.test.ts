import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { TestClient, type Message } from "../../support/client.js";
import { createToken } from "../../support/logins.js";
import { realPool } from "../../support/real-browser.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const POOL_SIZE = 2;
const HOLD_SECONDS = 1;

let site: TinySite;
let testApp: TestApp;
let stepId: number;
let ann: Record<string, string>;
let bob: Record<string, string>;
const clients: TestClient[] = [];

beforeAll(async () => {
  site = await startTinySite({
    "/": () => `<button id=b onclick="this.textContent = Number(this.textContent) + 1">0</button>`,
  });
  const environment = { SCREENSHOTS: "off", PAUSE_HOLD: String(HOLD_SECONDS) };
  testApp = await startApp(environment, { pool: realPool({ size: POOL_SIZE }).pool });
  const target = { locator_type: "id", locator_value: "b" };
  const { stepIds } = await testApp.createCase([
    [
      { action: "navigate", url: `${site.url}/` },
      { action: "click", ...target },
      { action: "pause", message: "Look" },
      { action: "verify_text", ...target, expected_text: "1", match: "equals" },
    ],
  ]);
  stepId = stepIds[0] ?? 0;
  ann = (await createToken(testApp, ["run"])).headers;
  bob = (await createToken(testApp, ["run"])).headers;
});
afterAll(async () => {
  await testApp.close();
  await site.close();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** Starts the run on a connection of its own. */
async function start(headers: Record<string, string>): Promise<TestClient> {
  const client = await TestClient.connect(testApp.address, headers);
  clients.push(client);
  client.send({ type: "execute_step", step_id: stepId });
  return client;
}

async function resume(client: TestClient): Promise<Message> {
  const { run_id } = await client.next("paused");
  client.send({ type: "resume", run_id });
  return await client.next("execution_complete");
}

/** The one of the clients whose run ends first. */
async function firstToEnd(...watching: TestClient[]): Promise<{ client: TestClient; end: Message }> {
  return await Promise.race(
    watching.map(async (client) => ({ client, end: await client.next("execution_complete") })),
  );
}

test("paused runs of one principal keep no browser from another for longer than PAUSE_HOLD", async () => {
  const first = await start(ann);
  await first.next("paused");
  const second = await start(ann);
  await second.next("paused");
  const other = await start(bob);
  expect(await other.next("queued")).toMatchObject({ position: 1 });

  const { client, end } = await firstToEnd(first, second);
  expect(client).toBe(first);
  expect(await first.next("log")).toMatchObject({
    level: "warning",
    message: expect.stringMatching(/^Others wait for this run's browser: the run ends in 1 s unless/),
  });
  expect(end).toMatchObject({
    status: "error",
    error_message: expect.stringMatching(
      /^The run was paused for \d+ s while others waited, and gave its browser up to them after 1 s \(PAUSE_HOLD\)\. Start it again/,
    ),
  });
  expect(await resume(other)).toMatchObject({ status: "passed" });
  // The other one is still where it was, on the page as it was.
  expect(await resume(second)).toMatchObject({ status: "passed" });
});

test("a paused run keeps its browser and its page for as long as only its own principal waits", async () => {
  const [first, second] = [await start(ann), await start(ann)];
  await Promise.all([first.next("paused"), second.next("paused")]);
  const third = await start(ann);
  await third.next("queued");
  await expect(
    Promise.race([first.untilClosed(), third.next("execution_started"), timePasses(HOLD_SECONDS * 1_500)]),
  ).resolves.toBe("time has passed");
  expect(await resume(first)).toMatchObject({ status: "passed" });
  expect(await resume(third)).toMatchObject({ status: "passed" });
  expect(await resume(second)).toMatchObject({ status: "passed" });
});

/** Only waiting can show that nothing happens. */
function timePasses(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve("time has passed"), ms));
}
