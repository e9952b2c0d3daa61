import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { ConnectionManager } from "../../../src/connection/connection-manager.js";
import { Router, type Handlers } from "../../../src/connection/router.js";
import { AppError } from "../../../src/protocol/errors.js";
import { ServerMessage } from "../../../src/protocol/messages.js";
import { MockSocket } from "../../support/mock-socket.js";
import { silentLog } from "../../support/silent-log.js";

let handled: unknown[];
let failure: Error | undefined;
let socket: MockSocket;
let settled: Promise<void>;

beforeEach(() => {
  handled = [];
  failure = undefined;
  const handle = (message: unknown) => {
    handled.push(message);
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  const handlers: Handlers = {
    execute_step: handle,
    execute_all: handle,
    generate_test_case: handle,
    cancel: (message, { reply }) => {
      reply({ type: "cancel_accepted", run_id: message.run_id });
      return Promise.resolve();
    },
  };
  const router = new Router(handlers);
  const manager = new ConnectionManager({
    onFrame: (text, connection) => {
      settled = router.route(text, connection);
    },
    log: silentLog,
  });
  socket = new MockSocket();
  manager.connect(socket);
});

async function answerTo(frame: unknown): Promise<Record<string, unknown> | undefined> {
  socket.receive(frame);
  await settled;
  return socket.sent.at(-1);
}

describe("well-formed messages", () => {
  test.each([
    { type: "execute_step", step_id: 5 },
    { type: "execute_all", test_case_id: 1 },
    { type: "execute_all", test_case_id: 1, on_failure: "continue" },
    { type: "generate_test_case", description: "Test login functionality" },
  ])("$type reaches its handler", async (message) => {
    expect(await answerTo(message)).toBeUndefined();
    expect(handled).toEqual([message]);
  });

  test("an answer carries the id of its request", async () => {
    const answer = await answerTo({ type: "cancel", run_id: "abc", request_id: "r-1" });
    expect(answer).toEqual({ type: "cancel_accepted", run_id: "abc", request_id: "r-1" });
  });
});

describe("bad frames are answered and the socket stays open", () => {
  const NOT_AN_OBJECT = { type: "execution_error", code: "invalid_json", step_id: null };
  test.each(["", "hello", "{", "[]", "[1]", "42", "null", "true", '"execute_step"', "\u0000"])(
    "%j",
    async (frame) => {
      expect(await answerTo(frame)).toMatchObject(NOT_AN_OBJECT);
      expect(socket.closedWith).toBeUndefined();
    },
  );

  test.each([{}, { type: 5 }, { type: "execute" }, { type: "__proto__" }, { type: "constructor" }])(
    "%j has an unknown type, and the known ones are listed",
    async (frame) => {
      const answer = await answerTo({ ...frame, request_id: "r" });
      expect(answer).toMatchObject({ type: "execution_error", code: "unknown_type", request_id: "r" });
      expect(answer?.["error"]).toContain(
        "Known types: execute_step, execute_all, generate_test_case, cancel",
      );
    },
  );

  test.each([undefined, -1, 0, 1.5, "5", null, true, [5], 2 ** 60])("step_id %j", async (stepId) => {
    const answer = await answerTo({ type: "execute_step", step_id: stepId, request_id: "r" });
    expect(answer).toMatchObject({
      type: "execution_error",
      code: "invalid_message",
      step_id: null,
      request_id: "r",
    });
    expect(answer?.["error"]).toContain("'step_id'");
    expect(handled).toEqual([]);
  });

  test("an unknown field is named", async () => {
    const answer = await answerTo({ type: "execute_all", test_case_id: 3, on_failuer: "continue" });
    expect(answer).toMatchObject({ code: "invalid_message", test_case_id: 3 });
    expect(answer?.["error"]).toContain("on_failuer");
  });

  test("a request_id of more than 64 characters is refused", async () => {
    const answer = await answerTo({ type: "execute_step", step_id: 5, request_id: "x".repeat(65) });
    expect(answer).toMatchObject({ code: "invalid_message", step_id: 5 });
    expect(answer).not.toHaveProperty("request_id");
  });

  test.each(["", "   ", "x".repeat(100_000)])(
    "a description that is empty or too long",
    async (description) => {
      const answer = await answerTo({ type: "generate_test_case", description, request_id: "g" });
      expect(answer).toMatchObject({
        type: "generation_error",
        success: false,
        code: "invalid_description",
        request_id: "g",
      });
      expect(answer?.["error"]).toContain("Failed to generate test case: ");
    },
  );
});

describe("handlers that fail", () => {
  test("a known error is answered with its code and text", async () => {
    failure = new AppError("step_not_found", "Step not found");
    expect(await answerTo({ type: "execute_step", step_id: 7 })).toEqual({
      type: "execution_error",
      error: "Step not found",
      code: "step_not_found",
      step_id: 7,
    });
  });

  test("a bug is answered as internal, without its message", async () => {
    failure = new Error("password=hunter2");
    const answer = await answerTo({ type: "execute_step", step_id: 7 });
    expect(answer).toMatchObject({ code: "internal" });
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });
});

test("any text gets at most one answer, and it is a message of the protocol", async () => {
  const frames = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ type: fc.constantFrom("execute_step", "cancel"), step_id: fc.anything() })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(frames, async (frame) => {
      const before = socket.sent.length + handled.length;
      await answerTo(frame);
      expect(socket.sent.length + handled.length).toBe(before + 1);
      const last = socket.sent.at(-1);
      if (last) ServerMessage.parse(last);
    }),
  );
});
