import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GenerationService } from "../../../src/generation/service.js";
import { AppError } from "../../../src/protocol/errors.js";
import { restServer, type RestServer } from "../../support/rest-server.js";

let server: RestServer;
let stepScript: GenerationService["generateStepScript"];
let testCase: GenerationService["generateTestCase"];
const ids: number[] = [];

const made = {
  commands: [{ action: "wait" as const, duration: 1 }],
  seleniumScript: "time.sleep(1)",
  generator: "plain-english" as const,
  warnings: [],
};

beforeEach(async () => {
  stepScript = () => Promise.resolve(made);
  server = await restServer({
    generation: {
      generateTestCase: (request) => testCase(request),
      generateStepScript: (request) => stepScript(request),
    },
  });
  const steps = ["A", "B", "C"].map((description) => ({ description, selenium_script: "old" }));
  const { json } = await server.request("POST", "/api/test-cases", { name: "case", steps });
  ids.splice(0, ids.length, json.id, ...json.steps.map(({ id }: { id: number }) => id));
});
afterEach(() => server.close());

test("a test case is generated from a description", async () => {
  testCase = ({ description }) =>
    Promise.resolve({
      testCaseId: 7,
      testCaseName: description,
      stepsCount: 17,
      redirectUrl: "/test-case/7",
      generator: "openai",
      format: "csv",
      warnings: ["Not understood: x"],
      testCases: [{ testCaseId: 7, testCaseName: description, stepsCount: 17, redirectUrl: "/test-case/7" }],
    });

  expect(await server.request("POST", "/api/test-cases/generate", { description: "Log in" })).toMatchObject({
    status: 201,
    json: {
      success: true,
      test_case_id: 7,
      test_case_name: "Log in",
      steps_count: 17,
      redirect_url: "/test-case/7",
      generator: "openai",
      format: "csv",
      warnings: ["Not understood: x"],
      test_cases: [
        { test_case_id: 7, test_case_name: "Log in", steps_count: 17, redirect_url: "/test-case/7" },
      ],
    },
  });
});

test("a step's script is generated and replaces the one it has", async () => {
  stepScript = ({ description }) => Promise.resolve({ ...made, warnings: [description] });

  const answer = await server.request("POST", `/api/test-steps/${ids[1]}/generate-selenium`);

  expect(answer).toMatchObject({
    status: 200,
    json: {
      id: ids[1],
      selenium_script: "time.sleep(1)",
      selenium_script_json: '[{"action":"wait","duration":1}]',
      generator: "plain-english",
      warnings: ["A"],
      checks: 0,
      not_understood: [],
    },
  });
  const read = await server.request("GET", `/api/test-cases/${ids[0]}`);
  expect(read.json.steps.map((step: Record<string, unknown>) => step["selenium_script"])).toEqual([
    "time.sleep(1)",
    "old",
    "old",
  ]);
});

test("a step keeps what was not understood, until its script is changed", async () => {
  const sentence = { text: "Dance", reason: "no command says this" };
  const check = { action: "verify_title" as const, expected_title: "Shop" };
  stepScript = () =>
    Promise.resolve({
      ...made,
      commands: [check, { action: "not_understood", ...sentence }],
      warnings: ["Not understood: “Dance”."],
    });
  await server.request("POST", `/api/test-steps/${ids[1]}/generate-selenium`);

  const read = await server.request("GET", `/api/test-cases/${ids[0]}`);
  expect(read.json).toMatchObject({
    checks: 1,
    warnings: [],
    steps: [{ checks: 1, warnings: ["Not understood: “Dance”."], not_understood: [sentence] }, {}, {}],
  });
  const sent = { ...read.json.steps[0], selenium_script_json: [check] };
  const changed = await server.request("PUT", `/api/test-cases/${ids[0]}/steps/${ids[1]}`, sent);
  expect(changed.json).toMatchObject({ checks: 1, warnings: [], not_understood: [] });
});

test("a step's script is changed by hand, and what is absent stays", async () => {
  const url = `/api/test-steps/${ids[1]}/update-selenium`;

  const first = await server.request("PUT", url, { selenium_script_json: made.commands });
  expect(first.json).toMatchObject({
    selenium_script: "old",
    selenium_script_json: JSON.stringify(made.commands),
  });
  const second = await server.request("PUT", url, { selenium_script: null });
  expect(second.json).toMatchObject({
    selenium_script: null,
    selenium_script_json: JSON.stringify(made.commands),
  });
});

describe("all scripts of a case", () => {
  test("are generated, except those of steps that are not understood", async () => {
    stepScript = ({ description }) =>
      description === "B"
        ? Promise.reject(new AppError("invalid_description", "No sentence."))
        : Promise.resolve({ ...made, warnings: [`partly: ${description}`] });

    const { json } = await server.request("POST", `/api/test-cases/${ids[0]}/generate-all-selenium`);

    expect(json).toMatchObject({
      generated: 2,
      warnings: ["Step 1: partly: A", "Step 3: partly: C"],
      errors: [{ step_id: ids[2], step_number: 2, code: "invalid_description", message: "No sentence." }],
    });
    expect(json.test_case.steps.map((step: Record<string, unknown>) => step["selenium_script"])).toEqual([
      "time.sleep(1)",
      "old",
      "time.sleep(1)",
    ]);
  });

  test("are not tried any further once the AI server is gone", async () => {
    let calls = 0;
    stepScript = () => {
      calls++;
      return Promise.reject(new AppError("ai_unavailable", "Gone."));
    };

    const answer = await server.request("POST", `/api/test-cases/${ids[0]}/generate-all-selenium`);

    expect(answer).toMatchObject({ status: 502, json: { error: { code: "ai_unavailable" } } });
    expect(calls).toBe(1);
  });
});

describe("over a real socket", () => {
  test("a request with a body is not taken for a client that went away", async () => {
    const address = await server.app.listen({ port: 0, host: "127.0.0.1" });
    testCase = async ({ signal }) => {
      // Long enough for Node to have closed the incoming message.
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      const testCase = { testCaseId: 1, testCaseName: "n", stepsCount: 1, redirectUrl: "/test-case/1" };
      return { ...made, ...testCase, format: "text", testCases: [testCase] };
    };

    const response = await fetch(`${address}/api/test-cases/generate`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ description: "Log in" }),
    });

    expect(response.status).toBe(201);
  });

  test("a client that goes away ends the generation", async () => {
    const address = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const client = new AbortController();
    const aborted = new Promise<Error>((resolve) => {
      testCase = async ({ signal }) => {
        client.abort();
        await once(signal, "abort");
        resolve(signal.reason as Error);
        throw signal.reason;
      };
    });

    const request = fetch(`${address}/api/test-cases/generate`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ description: "Log in" }),
      signal: client.signal,
    });

    await expect(request).rejects.toThrow();
    expect((await aborted).message).toBe("The client went away.");
  });
});
