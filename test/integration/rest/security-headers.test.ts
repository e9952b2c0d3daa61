import { describe, expect } from "vitest";
import { restTest } from "../../support/rest-fixtures.js";

const NOTHING = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

const test = restTest()
  .extend(
    "read",
    ({ server }) =>
      (url: string, referer?: string) =>
        server.app.inject({ url, headers: referer === undefined ? {} : { referer } }),
  )
  .extend(
    "save",
    ({ server }) =>
      async (kind: "screenshot" | "page_source", mediaType: "image/jpeg" | "text/html") => {
        const steps = [{ description: "A" }];
        const { json } = await server.request("POST", "/api/test-cases", { name: "case", steps });
        const { executionStore, artifactStore } = server.scratch.database;
        const stepId = json.steps[0].id;
        await executionStore.createRun({
          id: "run-1",
          kind: "step",
          testCaseId: json.id,
          testStepId: stepId,
          onFailure: "stop",
          requestId: null,
          createdAt: new Date(),
        });
        return await artifactStore.save({ runId: "run-1", stepId, kind, mediaType, bytes: Buffer.from("x") });
      },
  );

test.for([
  ["GET", "/api/test-cases", 200],
  ["GET", "/api/stats", 200],
  ["GET", "/api/session", 200],
  ["GET", "/api/tokens", 200],
  ["GET", "/api/audit", 200],
  ["GET", "/api/runs/none", 404],
  ["GET", "/api/runs/none/events", 404],
  ["GET", "/api/artifacts/none", 404],
  ["POST", "/api/test-cases", 400],
  ["GET", "/openapi.json", 200],
  ["GET", "/asyncapi.json", 200],
  ["GET", "/healthz", 200],
  ["GET", "/readyz", 200],
  ["GET", "/nowhere", 404],
] as const)(
  "what %s %s says is data: never guessed at, framed, kept or run",
  async ([method, url, status], { server }) => {
    const answer = await server.request(method, url);

    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "content-security-policy": NOTHING,
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
    });
    expect(answer.headers).not.toHaveProperty("strict-transport-security");
  },
);

test.for([
  ["/", 200],
  ["/test-case/4711", 404],
  ["/runs/none", 404],
] as const)("the page %s runs and loads nothing but what is its own", async ([url, status], { server }) => {
  const answer = await server.request("GET", url);

  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
  });
  expect(String(answer.headers["content-security-policy"]).split("; ")).toEqual([
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "media-src 'self'",
    "style-src 'self'",
  ]);
});

test("a refused page is told no more", async ({ server }) => {
  const answer = await server.app.inject({ url: "/api/stats", headers: { origin: "https://evil.example" } });

  expect(answer.statusCode).toBe(403);
  expect(answer.headers).toMatchObject({ "content-security-policy": NOTHING, "cache-control": "no-store" });
  expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
});

test.for(["/docs/", "/docs/static/swagger-ui-bundle.js", "/docs/static/swagger-ui.css"])(
  "the documentation runs what is its own, and nothing inline: %s",
  async (url, { server }) => {
    const policy = String((await server.request("GET", url)).headers["content-security-policy"]);

    expect(policy).toMatch(/^default-src 'none';/);
    for (const rule of [
      "script-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy.split("; ")).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*|script-src[^;]*unsafe/);
  },
);

describe("a file of a run", () => {
  test("is kept by no cache, and shown by no foreign page", async ({ save, read }) => {
    const url = await save("screenshot", "image/jpeg");
    for (const referer of [
      undefined,
      "https://evil.example/page",
      "http://localhost.evil.example/",
      "about:blank",
    ]) {
      const { statusCode, headers } = await read(url, referer);
      expect(statusCode).toBe(200);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(String(headers["content-security-policy"]).split("; ")).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "frame-ancestors 'self'",
          "base-uri 'none'",
          "form-action 'none'",
        ]),
      );
    }
  });

  test("is shown by a frontend on another port of this machine", async ({ save, read }) => {
    const url = await save("screenshot", "image/jpeg");
    const { headers } = await read(url, "http://127.0.0.1:3000/runs?x=1");
    expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'self' http://127.0.0.1:3000");
  });

  test("that is a page runs nothing and sends nothing, whoever shows it", async ({ save, read }) => {
    const url = await save("page_source", "text/html");
    for (const referer of [undefined, "http://localhost:3000/"]) {
      const policy = String((await read(url, referer)).headers["content-security-policy"]).split("; ");
      expect(policy.slice(0, 2)).toEqual(["sandbox", "default-src 'none'"]);
      expect(policy).toEqual(
        expect.arrayContaining(["base-uri 'none'", "form-action 'none'", "img-src data:"]),
      );
    }
  });
});
