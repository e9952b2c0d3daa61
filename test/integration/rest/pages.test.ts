import { describe, expect } from "vitest";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { createToken } from "../../support/logins.js";

const HOSTILE = `<img src=x onerror="alert(1)"> & 'more'`;

interface Answer {
  status: number;
  text: string;
  headers: Headers;
}

// The fake stands at the browser's port; test/browser/runs/pages.test.ts looks at the pages in Chromium.
const test = sharedAppTest()
  .extend("page", ({ testApp }) => async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`http://${testApp.address}${path}`, { redirect: "manual", ...init });
    return { status: response.status, text: await response.text(), headers: response.headers };
  })
  .extend("runToEnd", ({ testApp }) => async (caseId: number): Promise<string> => {
    const { address } = testApp;
    const started = await fetch(`http://${address}/api/test-cases/${caseId}/run`, { method: "POST" });
    const { id } = (await started.json()) as { id: string };
    const events = { headers: { accept: "text/event-stream" } };
    // The stream ends with the run.
    await (await fetch(`http://${address}/api/runs/${id}/events`, events)).text();
    return id;
  });

describe("the pages", () => {
  test("show the cases, one of them, and its run, as they say what was seen", async ({
    testApp,
    page,
    runToEnd,
  }) => {
    const fails = { action: "verify_variable", variable: "total", expected_value: "3" };
    const { caseId } = await testApp.createCase([[{ action: "log", message: "Hello" }], [fails]]);
    const runId = await runToEnd(caseId);
    expect((await page("/")).text).toContain(`<a href="/test-case/${caseId}">Case</a>`);
    const testCase = await page(`/test-case/${caseId}`);
    expect(testCase.text).toContain("1. Step 1");
    expect(testCase.text).toContain("Hello");
    expect(testCase.text).toContain(`href="/runs/${runId}"`);
    const run = await page(`/runs/${runId}`);
    expect(run.status).toBe(200);
    expect(run.text).toContain(
      "expected that the variable &#39;total&#39; is &quot;3&quot;, but it has no value",
    );
    expect(run.text).not.toContain("http-equiv");
  });

  test("show the history of a case, and what differs between two runs", async ({
    testApp,
    page,
    runToEnd,
  }) => {
    const { caseId } = await testApp.createCase([[{ action: "log", message: "Hello" }]]);
    const first = await runToEnd(caseId);
    expect((await page(`/test-case/${caseId}`)).text).not.toContain("History");
    const second = await runToEnd(caseId);
    expect((await page("/")).text).toContain("The page of a test case says how it is run.");
    const { text } = await page(`/test-case/${caseId}`);
    expect(text).toContain(`/api/test-cases/${caseId}/run`);
    expect(text).toContain("100 % of the last 2 runs of the whole case passed.");
    expect(text).toContain(`<svg class="history" viewBox="0 0 16 40"`);
    const comparison = await page(`/runs/${second}/comparison`);
    expect(comparison.status).toBe(200);
    expect(comparison.text).toContain(`href="/runs/${first}"`);
    expect(comparison.text).toContain("Every command of both is the same");
    expect((await page(`/runs/${first}/comparison`)).status).toBe(404);
  });

  test("say of a run that was deleted that it may have been", async ({ testApp, page, runToEnd }) => {
    const { caseId } = await testApp.createCase([[{ action: "log", message: "Hello" }]]);
    const gone = await runToEnd(caseId);
    await runToEnd(caseId);
    const signal = new AbortController().signal;
    await testApp.app.database.oldRunStore.deleteOldRuns({ before: undefined, perCase: 1, signal });
    const remedy = "or it was deleted: with its test case, or because it was older than RUNS_KEEP_DAYS";
    for (const path of [`/runs/${gone}`, `/runs/${gone}/comparison`, `/api/runs/${gone}`]) {
      const { status, text } = await page(path);
      expect([status, text]).toEqual([404, expect.stringContaining(remedy)]);
    }
  });

  test("take every name and text for text", async ({ testApp, page, runToEnd }) => {
    const created = await fetch(`http://${testApp.address}/api/test-cases`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        name: HOSTILE,
        description: HOSTILE,
        steps: [
          {
            description: HOSTILE,
            expected_result: HOSTILE,
            selenium_script_json: [{ action: "log", message: HOSTILE, description: HOSTILE }],
          },
        ],
      }),
    });
    const { id } = (await created.json()) as { id: number };
    const runId = await runToEnd(id);
    for (const path of ["/", `/test-case/${id}`, `/runs/${runId}`]) {
      const { text } = await page(path);
      expect(text).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;more&#39;");
      expect(text).not.toContain("<img src=x");
    }
  });

  test("run no script, load nothing of others and are shown in no frame", async ({ page }) => {
    const { headers, text } = await page("/");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("script-src");
    expect(policy).not.toContain("unsafe");
    expect(text).not.toContain("<script");
    const style = await page("/pages/style.css");
    expect(style.headers.get("content-type")).toContain("text/css");
  });

  test("look again while a run is under way", async ({ testApp, page }) => {
    const { caseId } = await testApp.createCase([[{ action: "wait", duration: 30 }]]);
    const { address } = testApp;
    const started = await fetch(`http://${address}/api/test-cases/${caseId}/run`, { method: "POST" });
    const { id } = (await started.json()) as { id: string };
    expect((await page(`/runs/${id}`)).text).toContain(`http-equiv="refresh"`);
    await fetch(`http://${address}/api/runs/${id}/cancel`, { method: "POST" });
  });

  test("say what is not there", async ({ page }) => {
    const run = await page("/runs/none");
    expect([run.status, run.text]).toEqual([
      404,
      expect.stringContaining("There is no run with id none, or it was deleted"),
    ]);
    expect((await page("/test-case/4711")).status).toBe(404);
    expect((await page("/test-case/x")).status).toBe(400);
  });
});

describe("where a login is needed, the pages", () => {
  const form = (fields: Record<string, string>): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });

  test("ask for a token, and go on to the page that was asked for", async ({ testApp, page }) => {
    const { token } = await createToken(testApp, ["read"]);
    const asked = await page("/runs/some-run");
    expect(asked.status).toBe(401);
    expect(asked.text).toContain(`name="next" value="/runs/some-run"`);
    const wrong = await page("/login", form({ token: "stw_nothing", next: "/" }));
    expect([wrong.status, wrong.text]).toEqual([401, expect.stringContaining(`role="alert"`)]);
    const right = await page("/login", form({ token, next: "/test-case/1" }));
    expect([right.status, right.headers.get("location")]).toEqual([303, "/test-case/1"]);
    const cookie = right.headers.getSetCookie()[0] ?? "";
    expect(cookie).toContain("HttpOnly");
    const session = cookie.split(";")[0] ?? "";
    expect((await page("/", { headers: { cookie: session } })).status).toBe(200);
  });

  test("lead to no other server after the login", async ({ testApp, page }) => {
    const { token } = await createToken(testApp, ["read"]);
    for (const next of ["https://evil.test/", "//evil.test/", "/\\evil.test", "/runs/a/../../docs"]) {
      const { headers } = await page("/login", form({ token, next }));
      expect(headers.get("location")).toBe("/");
    }
  });

  test("take no login from a page of another origin", async ({ testApp, page }) => {
    const { token } = await createToken(testApp, ["read"]);
    const { body, headers } = form({ token });
    const from = { ...(headers as object), origin: "http://127.0.0.1:1" };
    const refused = await page("/login", { method: "POST", body: body ?? null, headers: from });
    expect(refused.status).toBe(403);
    expect(refused.headers.getSetCookie()).toEqual([]);
  });
});
