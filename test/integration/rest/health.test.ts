import { afterEach, describe, expect, test } from "vitest";
import type { ReadinessProbes } from "../../../src/http/dependencies.js";
import { restServer, type RestServer } from "../../support/rest-server.js";

let server: RestServer;
afterEach(() => server.close());

async function start(probes: Partial<ReadinessProbes> = {}): Promise<void> {
  const ok = () => Promise.resolve();
  server = await restServer({ readiness: { database: ok, browser: ok, ...probes }, readinessDeadline: 50 });
}

test("metrics that are not kept come with the remedy", async () => {
  await start();

  const { status, text } = await server.request("GET", "/metrics");

  expect([status, text]).toEqual([404, expect.stringContaining("METRICS=true")]);
});

describe("readyz", () => {
  test("is 200 when every part is fit", async () => {
    await start();

    expect(await server.request("GET", "/readyz")).toMatchObject({
      status: 200,
      json: { status: "ok", checks: { database: { ok: true }, browser: { ok: true } } },
    });
  });

  test("is 503 and says why when a part is not", async () => {
    await start({ browser: () => Promise.reject(new Error("No Chrome found. Install one.")) });

    expect((await server.request("GET", "/readyz")).json).toEqual({
      status: "unavailable",
      checks: { database: { ok: true }, browser: { ok: false, message: "No Chrome found. Install one." } },
    });
    expect((await server.request("GET", "/readyz")).status).toBe(503);
    expect((await server.request("GET", "/healthz")).status).toBe(200);
  });

  test("tells of the disk where that is looked at", async () => {
    await start({ disk: () => Promise.reject(new Error("3 MB are free")) });

    expect(await server.request("GET", "/readyz")).toMatchObject({
      status: 503,
      json: { checks: { database: { ok: true }, disk: { ok: false, message: "3 MB are free" } } },
    });
  });

  test("is 503 when a part does not answer in time", async () => {
    await start({ database: () => new Promise(() => undefined) });

    expect(await server.request("GET", "/readyz")).toMatchObject({
      status: 503,
      json: {
        checks: { database: { ok: false, message: "No answer within 50 ms." }, browser: { ok: true } },
      },
    });
  });

  test("is 503 when a probe throws before it waits", async () => {
    await start({
      database: () => {
        throw new Error("closed");
      },
    });

    expect((await server.request("GET", "/readyz")).json.checks.database).toEqual({
      ok: false,
      message: "closed",
    });
  });
});

test("healthz is 200 also when the database is gone", async () => {
  await start();
  await server.scratch.database.close();

  expect(await server.request("GET", "/healthz")).toMatchObject({ status: 200, json: { status: "ok" } });
});

test("the documentation is served, with nothing from another host", async () => {
  await start();

  const page = await server.request("GET", "/docs/");
  expect(page.status).toBe(200);
  expect(page.text).toContain("Swagger UI");
  expect(page.text).not.toMatch(/https?:\/\//);
  expect(page.headers["content-security-policy"]).not.toContain("upgrade-insecure-requests");
  expect((await server.request("GET", "/openapi.json")).json).toMatchObject({ openapi: "3.1.0" });
});
