import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bytesIn } from "../../../src/browser/setup/disk-use.js";
import { TestClient, type Message } from "../../support/client.js";
import { isFirefox, ROADS, realPool } from "../../support/real-browser.js";
import { profileFolders } from "../../support/processes.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const MB = 1_000_000;
const QUOTA_MB = 60;

/** A file that has no end. */
function sendForEver(response: ServerResponse): undefined {
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-disposition": "attachment; filename=big.bin",
  });
  const chunk = Buffer.alloc(MB / 2, 1);
  const send = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", send);
  send();
}

const PAGES = {
  "/": () => "<h1>Hello</h1>",
  "/download": () => `<a id=a href="/big">big</a>`,
  "/big": (_query: URLSearchParams, response: ServerResponse) => sendForEver(response),
  "/store": () => `<h1>Storing</h1><script>
    (async () => {
      const cache = await caches.open("big");
      const noise = new Uint8Array(2_000_000);
      for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
      for (let number = 0; ; number++) await cache.put("/" + number, new Response(noise));
    })();
  </script>`,
};

describe.each(ROADS)("over %s", (road) => {
  let site: TinySite;
  let testApp: TestApp;
  let client: TestClient;

  beforeAll(async () => {
    site = await startTinySite(PAGES);
    const { pool } = realPool({ size: 2, road });
    testApp = await startApp({ RUN_MAX_DISK: String(QUOTA_MB), SCREENSHOTS: "off" }, { pool });
    client = await TestClient.connect(testApp.address);
  });
  afterEach(() => client.received.splice(0));
  afterAll(async () => {
    client.close();
    await testApp.close();
    await site.close();
  });

  async function run(request_id: string, ...script: object[]): Promise<Message> {
    const { stepIds } = await testApp.createCase([script]);
    client.send({ type: "execute_step", step_id: stepIds[0], request_id });
    return await client.next(
      (message) => message.type === "execution_complete" && message["request_id"] === request_id,
    );
  }

  const open = (path: string) => ({ action: "navigate", url: site.url + path });
  const wait = (duration: number) => ({ action: "wait", duration });
  const CLICK = { action: "click", locator_type: "id", locator_value: "a" };
  const onDisk = async () => {
    const sizes = await Promise.all(profileFolders().map((name) => bytesIn(join(tmpdir(), name))));
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  };

  test("a run whose downloads take too much ends with a verdict that says so, and others beside it go on", async () => {
    const before = await onDisk();
    const [greedy, modest] = await Promise.all([
      run("greedy", open("/download"), CLICK, wait(50)),
      run("modest", open("/"), wait(3), {
        action: "verify_text",
        locator_type: "tag",
        locator_value: "h1",
        expected_text: "Hello",
      }),
    ]);
    const text = `than it may, ${QUOTA_MB} MB \\(RUN_MAX_DISK\\): its downloads take \\d+ MB`;
    expect(greedy).toMatchObject({ status: "error", error_message: expect.stringMatching(text) });
    expect(modest).toMatchObject({ status: "passed", error_message: null });
    await expect.poll(onDisk, { timeout: 20_000 }).toBeLessThan(before + QUOTA_MB * MB);
  });

  // Over DevTools a context's storage is in memory alone, where the browser has its own limits.
  if (road !== "classic" || isFirefox) return;

  test("a run whose page stores too much ends with a verdict that says so", async () => {
    const stored = await run("stored", open("/store"), wait(50));
    const text = "its downloads take 0 MB, what else its browser keeps \\d+ MB";
    expect(stored).toMatchObject({ status: "error", error_message: expect.stringMatching(text) });
  });
});
