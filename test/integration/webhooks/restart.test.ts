import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "vitest";
import { buildApp } from "../../../src/app.js";
import { parseConfig } from "../../../src/config.js";
import { FakePool } from "../../support/fake-browser.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { carryOut } from "../../support/command-line.js";
import { silentLog } from "../../support/silent-log.js";
import { createCase, getJson } from "../../support/test-app.js";
import { databaseUrlIn } from "../../support/test-databases.js";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;

interface DeliveryPage {
  items: { run_id: string; status: string; target: string; attempts: { status: number | null }[] }[];
}

const test = folderTest
  .extend("receiver", async ({}, { onCleanup }) => {
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    const told: string[] = [];
    const state = { isAway: true, status: 200 };
    const server: Server = createServer((request, response) => {
      isAsked();
      if (state.isAway) return;
      told.push(String(request.headers["webhook-id"]));
      response.writeHead(state.status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onCleanup(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/hook`, asked, told, state };
  })
  .extend("start", ({ folder, receiver }) => async () => {
    const config = parseConfig({
      PORT: "0",
      DATABASE_URL: await databaseUrlIn(folder),
      ARTIFACTS_DIR: join(folder, "artifacts"),
      WEBHOOK_URLS: receiver.url,
      WEBHOOK_SECRET: SECRET,
    });
    const app = await buildApp(config, silentLog, { pool: new FakePool(1) });
    const { host } = new URL(await app.listen());
    return { app, host };
  });

test("a webhook that the server could not tell of a run before it stopped is told after its next start", async ({
  receiver,
  start,
}) => {
  const first = await start();
  const { caseId } = await createCase(first.host, [[{ action: "wait", duration: 0.01 }]]);
  const started = await fetch(`http://${first.host}/api/test-cases/${caseId}/run`, { method: "POST" });
  const { id: runId } = (await started.json()) as { id: string };
  await receiver.asked;
  await first.app.close();

  receiver.state.isAway = false;
  const second = await start();
  try {
    const deliveries = async () =>
      (await getJson<DeliveryPage>(second.host, `/api/webhook-deliveries?run_id=${runId}`)).items;
    await expect.poll(deliveries).toMatchObject([{ status: "delivered", attempts: [{ status: 200 }] }]);
    expect(receiver.told).toHaveLength(1);
    const failed = await getJson<DeliveryPage>(second.host, "/api/webhook-deliveries?status=failed");
    expect(failed.items).toEqual([]);
  } finally {
    await second.app.close();
  }
});

test("a message that was given up is delivered again when somebody asks for it", async ({
  receiver,
  start,
}) => {
  receiver.state.isAway = false;
  // The receiver wants nothing more, which ends the attempts at once.
  receiver.state.status = 410;
  const { app, host } = await start();
  try {
    const { caseId } = await createCase(host, [[{ action: "wait", duration: 0.01 }]]);
    const started = await fetch(`http://${host}/api/test-cases/${caseId}/run`, { method: "POST" });
    const { id: runId } = (await started.json()) as { id: string };
    const stepwire = (...line: string[]) =>
      carryOut(["webhooks", ...line, "--server", `http://${host}`], { environment: {} });
    const given = () => stepwire("list", "--status", "failed", "--run", runId);
    await expect.poll(given).toMatchObject({ said: expect.stringMatching(/^\S+ {2}failed .* answers 410/) });

    receiver.state.status = 200;
    const again = await stepwire("redeliver", "--failed");

    expect(again).toMatchObject({ code: 0, said: receiver.told[0] });
    const deliveries = async () =>
      (await getJson<DeliveryPage>(host, `/api/webhook-deliveries?run_id=${runId}`)).items;
    await expect
      .poll(deliveries)
      .toMatchObject([{ status: "delivered", attempts: [{ status: 410 }, { status: 200 }] }]);
    // The receiver knows it by its id.
    expect(receiver.told[1]).toBe(receiver.told[0]);
    expect(await stepwire("redeliver", "none")).toMatchObject({
      code: 2,
      remarked: "--server: There is no delivery 'none'.",
    });
    expect(await stepwire("list", "--status", "lost")).toMatchObject({ code: 2 });
  } finally {
    await app.close();
  }
});
