import { beforeEach, describe, expect } from "vitest";
import { AppError, ERROR_CODES, type ErrorCode } from "../../../src/protocol/errors.js";
import { restTest } from "../../support/rest-fixtures.js";

let failure: Error;
const test = restTest().override("dependencies", {
  generation: {
    generateTestCase: () => Promise.reject(failure),
    generateStepScript: () => Promise.reject(failure),
  },
});

beforeEach(() => {
  failure = new Error("SECRET: the password is hunter2");
});

const unreadable = { action: "click", locator_type: "css", locator_value: "a:contains('x')" };
const python = "from selenium import webdriver\ndriver = webdriver.Chrome()";

describe("a wrong request is answered with the field and the reason", () => {
  test.for([
    ["POST", "/api/test-cases", {}, 400, "invalid_request", "name"],
    ["POST", "/api/test-cases", { name: "" }, 400, "invalid_request", "name"],
    ["POST", "/api/test-cases", { name: "a\0b" }, 400, "invalid_request", "name"],
    ["POST", "/api/test-cases", { name: "a", colour: "red" }, 400, "invalid_request", "colour"],
    ["POST", "/api/test-cases", { name: "a", status: "done" }, 400, "invalid_request", "status"],
    [
      "POST",
      "/api/test-cases",
      { name: "a", steps: [{ description: 1 }] },
      400,
      "invalid_request",
      "steps.0.description",
    ],
    [
      "POST",
      "/api/test-cases",
      { name: "a", steps: [{ description: "s", step_number: 0 }] },
      400,
      "invalid_request",
      "steps.0.step_number",
    ],
    [
      "POST",
      "/api/test-cases",
      { name: "a", steps: [{ description: "s", selenium_script_json: python }] },
      422,
      "python_script",
      "steps.0.selenium_script_json",
    ],
    [
      "POST",
      "/api/test-cases",
      { name: "a", steps: [{ description: "s", selenium_script_json: [{ url: "x" }] }] },
      422,
      "invalid_script",
      "steps.0.selenium_script_json",
    ],
    [
      "POST",
      "/api/test-cases",
      { name: "a", steps: [{ description: "s", selenium_script_json: [unreadable] }] },
      422,
      "invalid_script",
      "steps.0.selenium_script_json",
    ],
    [
      "PUT",
      "/api/test-steps/1/update-selenium",
      { selenium_script_json: JSON.stringify([unreadable]) },
      422,
      "invalid_script",
      "selenium_script_json",
    ],
    ["POST", "/api/test-cases", [1], 400, "invalid_request", undefined],
    ["PUT", "/api/test-cases/1", { name: null }, 400, "invalid_request", "name"],
    ["PUT", "/api/test-cases/1", { steps: [] }, 400, "invalid_request", "steps"],
    ["PUT", "/api/test-cases/99", { name: "a" }, 404, "test_case_not_found", undefined],
    ["GET", "/api/test-cases/abc", undefined, 400, "invalid_request", "id"],
    ["GET", "/api/test-cases/0", undefined, 400, "invalid_request", "id"],
    ["GET", "/api/test-cases/99", undefined, 404, "test_case_not_found", undefined],
    ["GET", "/api/test-cases/9007199254740991", undefined, 404, "test_case_not_found", undefined],
    ["DELETE", "/api/test-cases/99", undefined, 404, "test_case_not_found", undefined],
    ["POST", "/api/test-cases/99/approve", undefined, 404, "test_case_not_found", undefined],
    ["POST", "/api/test-cases/99/steps", { description: "s" }, 404, "test_case_not_found", undefined],
    ["PUT", "/api/test-cases/1/steps/99", { description: "s" }, 404, "step_not_found", undefined],
    ["DELETE", "/api/test-cases/1/steps/99", undefined, 404, "step_not_found", undefined],
    ["PUT", "/api/test-cases/1/steps/x", {}, 400, "invalid_request", "stepId"],
    [
      "PUT",
      "/api/test-steps/1/update-selenium",
      { selenium_script_json: python },
      422,
      "python_script",
      "selenium_script_json",
    ],
    [
      "PUT",
      "/api/test-steps/1/update-selenium",
      { selenium_script_json: "[1]" },
      422,
      "invalid_script",
      "selenium_script_json",
    ],
    [
      "PUT",
      "/api/test-steps/1/update-selenium",
      { selenium_script_json: 5 },
      400,
      "invalid_request",
      "selenium_script_json",
    ],
    ["PUT", "/api/test-steps/99/update-selenium", {}, 404, "step_not_found", undefined],
    ["POST", "/api/test-steps/99/generate-selenium", undefined, 404, "step_not_found", undefined],
    ["POST", "/api/test-cases/99/generate-all-selenium", undefined, 404, "test_case_not_found", undefined],
    ["POST", "/api/test-cases/2/generate-all-selenium", undefined, 422, "no_steps", undefined],
    ["POST", "/api/test-cases/generate", {}, 400, "invalid_request", "description"],
    ["GET", "/api/test-cases?limit=201", undefined, 400, "invalid_request", "limit"],
    ["GET", "/api/test-cases?limit=x", undefined, 400, "invalid_request", "limit"],
    ["GET", "/api/test-cases?cursor=x", undefined, 400, "invalid_request", "cursor"],
    ["GET", "/api/test-cases?page=2", undefined, 400, "invalid_request", "page"],
    ["GET", "/api/runs/none", undefined, 404, "run_not_found", undefined],
    ["GET", "/api/runs/none/events", undefined, 404, "run_not_found", undefined],
    ["GET", "/api/runs/none/events?after_seq=-1", undefined, 400, "invalid_request", "after_seq"],
    ["GET", "/api/artifacts/none", undefined, 404, "artifact_not_found", undefined],
    ["GET", "/api/artifacts/..%2f..%2fetc%2fpasswd", undefined, 404, "artifact_not_found", undefined],
    ["GET", "/api/nowhere?secret=1", undefined, 404, "not_found", undefined],
  ] as const)("%s %s %j: %i", async ([method, url, body, status, code, field], { server }) => {
    await server.request("POST", "/api/test-cases", { name: "one", steps: [{ description: "s" }] });
    await server.request("POST", "/api/test-cases", { name: "empty" });

    const answer = await server.request(method, url, body);

    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({
      error: { code, message: expect.any(String) as unknown, ...(field !== undefined && { field }) },
    });
    expect(answer.json.error.message).not.toContain("secret");
    expect(server.logged).toEqual([]);
  });

  test("a script error says which command is wrong", async ({ server }) => {
    const answer = await server.request("POST", "/api/test-cases", {
      name: "a",
      steps: [{ description: "s", selenium_script_json: [{ action: "wait", duration: 1 }, { url: "x" }] }],
    });

    expect(answer.json.error.message).toContain("Command 2 missing 'action' field. Valid actions: navigate");
  });

  test("text that is not JSON", async ({ server }) => {
    const answer = await server.app.inject({
      method: "POST",
      url: "/api/test-cases",
      headers: { "content-type": "application/json" },
      payload: '{"name": ',
    });

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "invalid_request" } });
  });

  test("no body where one is needed", async ({ server }) => {
    const answer = await server.request("POST", "/api/test-cases");

    expect(answer).toMatchObject({ status: 400, json: { error: { code: "invalid_request" } } });
  });

  test("a body that is not JSON at all", async ({ server }) => {
    const answer = await server.app.inject({
      method: "POST",
      url: "/api/test-cases",
      headers: { "content-type": "text/xml" },
      payload: "<a/>",
    });

    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ error: { code: "unsupported_media_type" } });
  });

  test("a body of more than 1 MiB", async ({ server }) => {
    const body = (size: number) => ({ name: "a", description: "x".repeat(size) });

    expect(await server.request("POST", "/api/test-cases", body(1024 * 1024))).toMatchObject({
      status: 413,
      json: { error: { code: "body_too_large" } },
    });
    expect(await server.request("POST", "/api/test-cases", body(1024 * 1024 - 100))).toMatchObject({
      status: 201,
    });
  });

  test("two steps with one number", async ({ server }) => {
    const steps = [{ description: "a", step_number: 2 }, { description: "b" }];

    expect(await server.request("POST", "/api/test-cases", { name: "a", steps })).toMatchObject({
      status: 409,
      json: { error: { code: "conflict" } },
    });
    expect((await server.request("GET", "/api/test-cases")).json.items).toEqual([]);
  });

  test("a case whose run is under way cannot be deleted", async ({ server }) => {
    const { id } = (await server.request("POST", "/api/test-cases", { name: "a" })).json;
    await server.scratch.database.executionStore.createRun({
      id: "run",
      kind: "case",
      testCaseId: id,
      testStepId: null,
      onFailure: "stop",
      requestId: null,
      createdAt: new Date(),
    });

    const answer = await server.request("DELETE", `/api/test-cases/${id}`);

    expect(answer).toMatchObject({ status: 409, json: { error: { code: "conflict" } } });
  });
});

describe("a failure of the server", () => {
  test("is logged with its cause and told to nobody", async ({ server }) => {
    const answer = await server.request("POST", "/api/test-cases/generate", { description: "Log in" });

    expect(answer).toMatchObject({ status: 500, json: { error: { code: "internal" } } });
    expect(answer.text).not.toContain("hunter2");
    expect(server.logged).toMatchObject([
      { msg: "request failed", url: "/api/test-cases/generate", err: { message: failure.message } },
    ]);
  });

  test("of the database is no different", async ({ server }) => {
    await server.scratch.database.close();

    const answer = await server.request("GET", "/api/stats");

    expect(answer).toMatchObject({ status: 500, json: { error: { code: "internal" } } });
    expect(answer.text).not.toMatch(/prisma/i);
  });

  const statuses: Partial<Record<ErrorCode, number>> = {
    invalid_description: 422,
    ai_unauthorized: 502,
    ai_unavailable: 502,
    ai_invalid_answer: 502,
    ai_timeout: 504,
    server_stopping: 503,
    queue_full: 503,
    forbidden_origin: 403,
    internal: 500,
  };
  test.for(Object.entries(statuses))("that is %s is answered with %i", async ([code, status], { server }) => {
    failure = new AppError(code as ErrorCode, ERROR_CODES[code as ErrorCode]);

    const answer = await server.request("POST", "/api/test-cases/generate", { description: "Log in" });

    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error: { code, message: failure.message } });
  });
});
