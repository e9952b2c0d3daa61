import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLIENT_MESSAGES, ClientMessage, RunEvent, ServerMessage } from "../../../src/protocol/messages.js";

const stamp = { run_id: "run-1", seq: 1, ts: "2026-01-13T10:30:00.000Z" };

/** The contract's own examples, with the fields that this server always adds. */
const CONTRACT: [example: Record<string, unknown>, added: Record<string, unknown>][] = [
  [{ type: "execution_started", step_id: 5 }, stamp],
  [
    { type: "status_update", step_id: 5, status: "running", message: "Executing Step 1 (Login) + Step 5..." },
    stamp,
  ],
  [{ type: "progress", step_id: 5, step: 3, total: 9, action: "click", message: "Click login" }, stamp],
  [
    { type: "screenshot", step_id: 5, step: 3, image: "aGVsbG8=" },
    { ...stamp, url: "/api/artifacts/1" },
  ],
  [
    {
      type: "execution_complete",
      step_id: 5,
      status: "passed",
      message: "Step executed successfully",
      execution_time_ms: 412,
      error_message: null,
    },
    { ...stamp, actual_result: "The dashboard opens", artifacts: [], checks: 2, attempt: 1, flaky: false },
  ],
  [
    { type: "all_steps_complete", test_case_id: 1 },
    {
      ...stamp,
      status: "passed",
      passed: 3,
      failed: 0,
      error: 0,
      skipped: 0,
      checks: 5,
      execution_time_ms: 900,
      attempt: 1,
      flaky: false,
    },
  ],
  [{ type: "execution_error", error: "Step not found", step_id: 5 }, { code: "step_not_found" }],
  [
    {
      type: "generation_progress",
      step: 2,
      total: 4,
      message: "Generating test steps with AI...",
      progress: 30,
    },
    { generator: "openai" },
  ],
  [
    {
      type: "generation_complete",
      success: true,
      test_case_id: 1,
      test_case_name: "Generated Test Case - 2026-01-13 10:30",
      steps_count: 17,
      redirect_url: "/test-case/1",
    },
    {
      generator: "plain-english",
      warnings: [],
      steps: [{ step_number: 1, verified: null }],
      format: "text",
      test_cases: [
        {
          test_case_id: 1,
          test_case_name: "Generated Test Case - 2026-01-13 10:30",
          steps_count: 17,
          redirect_url: "/test-case/1",
          verified: null,
        },
      ],
    },
  ],
  [
    { type: "generation_error", success: false, error: "Failed to generate test case: no answer" },
    { code: "ai_unavailable" },
  ],
];

describe("the contract's client messages", () => {
  it.each([
    { type: "execute_step", step_id: 5 },
    { type: "execute_all", test_case_id: 1 },
    { type: "generate_test_case", description: "Test login functionality" },
  ])("are understood: $type", (message) => {
    expect(ClientMessage.parse(message)).toEqual(message);
    expect(ClientMessage.parse({ ...message, request_id: "r-1" })).toEqual({ ...message, request_id: "r-1" });
  });

  it.each([
    { type: "execute_step", step_id: 5, retries: 5, priority: 9, step_timeout: 0.5, run_timeout: 86_400 },
    { type: "execute_all", test_case_id: 1, on_failure: "continue", retries: 0, priority: 0 },
    { type: "cancel", run_id: "run-1" },
    { type: "pause", run_id: "run-1" },
    { type: "resume", run_id: "run-1" },
    { type: "step", run_id: "run-1" },
  ])("have options and siblings of this server's own: $type", (message) => {
    expect(ClientMessage.parse({ ...message, request_id: "r-1" })).toEqual({ ...message, request_id: "r-1" });
  });

  it.each<[string, unknown]>([
    ["an unknown type", { type: "run", step_id: 5 }],
    ["no type", { step_id: 5 }],
    ["no id", { type: "execute_step" }],
    ["an id as text", { type: "execute_step", step_id: "5" }],
    ["a fraction as id", { type: "execute_step", step_id: 1.5 }],
    ["zero as id", { type: "execute_all", test_case_id: 0 }],
    ["an id beyond exact integers", { type: "execute_step", step_id: 2 ** 53 }],
    ["an unknown field", { type: "execute_step", step_id: 5, steps_id: 5 }],
    ["an empty description", { type: "generate_test_case", description: " \n " }],
    ["a description too long", { type: "generate_test_case", description: "x".repeat(20_001) }],
    ["a request id too long", { type: "execute_step", step_id: 5, request_id: "x".repeat(65) }],
    ["more retries than are allowed", { type: "execute_step", step_id: 5, retries: 6 }],
    ["half a retry", { type: "execute_all", test_case_id: 5, retries: 0.5 }],
    ["a priority beyond the highest", { type: "execute_step", step_id: 5, priority: 10 }],
    ["a priority between two", { type: "execute_all", test_case_id: 5, priority: 5.5 }],
    ["no time at all", { type: "execute_step", step_id: 5, step_timeout: 0 }],
    ["more than a day", { type: "execute_all", test_case_id: 5, run_timeout: 86_401 }],
    ["nothing to pause", { type: "pause" }],
    ["an array", [{ type: "execute_step", step_id: 5 }]],
    ["null", null],
  ])("are refused with %s", (_name, message) => {
    expect(ClientMessage.safeParse(message).success).toBe(false);
  });

  it("are the members of the union, each under its own type", () => {
    for (const [type, schema] of Object.entries(CLIENT_MESSAGES)) expect(schema.shape.type.value).toBe(type);
    expect(ClientMessage.options).toEqual(Object.values(CLIENT_MESSAGES));
  });

  it("never make the parser throw, whatever they are", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        ClientMessage.safeParse(value);
      }),
    );
  });
});

describe("the contract's server messages", () => {
  it.each(CONTRACT)("have a schema that keeps every field: %j", (example, added) => {
    expect(ServerMessage.parse({ ...example, ...added })).toEqual({ ...example, ...added });
  });

  it.each(CONTRACT)("need each of the contract's fields: %j", (example, added) => {
    for (const field of Object.keys(example)) {
      const rest = Object.fromEntries(
        Object.entries({ ...example, ...added }).filter(([key]) => key !== field),
      );
      expect(ServerMessage.safeParse(rest).success, `without '${field}'`).toBe(false);
    }
  });

  it("carry a gapless number when they are events of a run", () => {
    for (const event of RunEvent.options)
      expect(Object.keys(event.shape)).toEqual(expect.arrayContaining(Object.keys(stamp)));
  });
});
