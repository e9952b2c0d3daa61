import { unzipSync } from "fflate";
import { expect } from "vitest";
import { TestClient } from "../../support/client.js";
import { ended } from "../../support/ended.js";
import { s3Test } from "../../support/s3-server.js";
import { startApp } from "../../support/test-app.js";
import { startTinySite } from "../../support/tiny-site.js";

const test = s3Test
  .extend("site", async ({}, { onCleanup }) => {
    const site = await startTinySite({ "/": () => "<title>Home</title><h1>Home</h1>" });
    onCleanup(() => site.close());
    return site;
  })
  .extend("server", async ({ s3 }, { onCleanup }) => {
    const server = await startApp({ ARTIFACTS_DIR: s3.artifactsDir(), BROWSER_POOL_SIZE: "1" });
    onCleanup(() => server.close());
    return server;
  })
  .extend("client", async ({ server }, { onCleanup }) => {
    const client = await TestClient.connect(server.address);
    onCleanup(() => {
      client.close();
    });
    return client;
  });

interface Kept {
  kind: string;
  url: string;
  bytes: number;
  missing: boolean;
}

test("a run keeps its pictures, page source and video in a bucket, which clients read through the server", async ({
  server,
  client,
  site,
}) => {
  const script = [
    { action: "navigate", url: site.url },
    { action: "verify_title", expected_title: "never", timeout: 0.2 },
  ];
  const { stepIds } = await server.createCase([script]);
  client.send({ type: "execute_step", step_id: stepIds[0], video: true });
  const complete = await client.next("execution_complete");
  expect(complete).toMatchObject({ status: "failed" });

  const runId = String(complete["run_id"]);
  const { items } = await server.get<{ items: Kept[] }>(`/api/runs/${runId}/artifacts`);
  expect(items.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["screenshot", "page_source", "console", "network", "video"]),
  );
  for (const { url, bytes, missing } of items) {
    expect(missing).toBe(false);
    const answer = await fetch(`http://${server.address}${url}`);
    expect(answer.headers.get("content-length")).toBe(String(bytes));
    expect((await answer.arrayBuffer()).byteLength).toBe(bytes);
  }

  const { url = "", bytes = 0 } = items.find(({ kind }) => kind === "video") ?? {};
  const video = `http://${server.address}${url}`;
  const head = await fetch(video, { method: "HEAD" });
  expect(head.headers.get("content-length")).toBe(String(bytes));
  const part = await fetch(video, { headers: { range: "bytes=0-3" } });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 0-3/${bytes}`]);
  // The first bytes of every WebM file: https://www.rfc-editor.org/rfc/rfc8794#section-11.2.1
  expect(Buffer.from(await part.arrayBuffer()).toString("hex")).toBe("1a45dfa3");
  const etag = head.headers.get("etag") ?? "";
  expect((await fetch(video, { headers: { "if-none-match": etag } })).status).toBe(304);

  const trace = await fetch(`http://${server.address}/api/runs/${runId}/trace`);
  const files = Object.keys(unzipSync(new Uint8Array(await trace.arrayBuffer())));
  expect(files.filter((name) => name.startsWith("artifacts/"))).toHaveLength(items.length);
});

test("a run whose pictures cannot be kept ends with its own verdict, and the server is not ready meanwhile", async ({
  server,
  client,
  site,
  s3,
}) => {
  const { stepIds } = await server.createCase([[{ action: "navigate", url: site.url }]]);
  expect((await fetch(`http://${server.address}/readyz`)).status).toBe(200);
  await ended("the server of S3", s3.close());
  await expect.poll(async () => (await fetch(`http://${server.address}/readyz`)).status).toBe(503);
  client.send({ type: "execute_step", step_id: stepIds[0] });
  await expect(client.next("execution_complete")).resolves.toMatchObject({ status: "passed" });
});
