import { afterAll, beforeAll, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { startSite, type Site } from "../../site/server.js";
import { clientBundle } from "../../support/client-bundle.js";
import { realPool, type RealPool } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

let site: Site;
let real: RealPool;
let testApp: TestApp;
let pages: TinySite;

beforeAll(async () => {
  site = await startSite();
  // One session for the page that uses the client, one for the run that it starts.
  real = realPool({ size: 2 });
  testApp = await startApp({}, { pool: real.pool });
  const bundle = await clientBundle();
  pages = await startTinySite({
    "/client.js": (_query, response) => {
      response.writeHead(200, { "content-type": "text/javascript" }).end(bundle);
      return undefined;
    },
    "/": (query) => clientPage(query.get("step") ?? ""),
  });
});

afterAll(async () => {
  await pages.close();
  await testApp.close();
  await site.close();
});

/** A page that runs a step, and writes down what it is told. */
const clientPage = (stepId: string) => `<!doctype html><title>Client</title><p id="told"></p>
  <script type="module">
    import { connect } from "/client.js";
    const told = document.querySelector("#told");
    try {
      const client = await connect({ url: "http://${testApp.address}" });
      const run = client.executeStep(${stepId});
      const types = [];
      for await (const { type } of run) types.push(type);
      const { status } = await run.result;
      client.close();
      told.textContent = [...types, status].join(" ");
    } catch (error) {
      told.textContent = String(error);
    }
  </script>`;

test("a page runs a step with the client library", async () => {
  const { stepIds } = await testApp.createCase([[{ action: "navigate", url: `${site.url}/text` }]]);
  const events = "execution_started status_update progress screenshot execution_complete";
  const script: Command[] = [
    { action: "navigate", url: `${pages.url}/?step=${stepIds[0]}` },
    {
      action: "verify_text",
      locator_type: "id",
      locator_value: "told",
      expected_text: `${events} passed`,
      timeout: 20,
    },
  ];
  const session = await real.pool.acquire(AbortSignal.timeout(20_000));
  const { outcome } = await runCommands(session.page, script);
  await session.close();
  expect(outcome).toEqual({ verdict: "passed" });
});
