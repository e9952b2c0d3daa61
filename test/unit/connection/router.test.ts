import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { anonymous } from "../../../src/auth/identity.js";
import type { AuditLog, Identity } from "../../../src/auth/ports.js";
import { ConnectionManager } from "../../../src/connection/connection-manager.js";
import { Router, type Handlers } from "../../../src/connection/router.js";
import type { Connection } from "../../../src/connection/connection.js";
import { RateLimits } from "../../../src/connection/rate-limits.js";
import { CloseCode } from "../../../src/protocol/close-codes.js";
import { AppError } from "../../../src/protocol/errors.js";
import { CLIENT_MESSAGES, ServerMessage } from "../../../src/protocol/messages.js";
import { MESSAGE_SCOPES, SCOPES } from "../../../src/protocol/scopes.js";
import { MockSocket } from "../../support/mock-socket.js";
import { silentLog } from "../../support/silent-log.js";
import { connectVisitor } from "../../support/visitors.js";

let handled: unknown[];
let failure: Error | undefined;
/** While set, requests are answered only when it resolves. */
let held: Promise<void> | undefined;
let connection: Connection;
let socket: MockSocket;
let settled: Promise<void>;
let audited: Parameters<AuditLog["record"]>[0][];

beforeEach(() => {
  setUp();
});

function setUp(limits = new RateLimits(), identity?: Identity): void {
  handled = [];
  failure = undefined;
  held = undefined;
  const handle = async (message: unknown) => {
    handled.push(message);
    if (failure) throw failure;
    await held;
  };
  const act = async (message: { type: string }) => {
    await handle(message);
    return `what ${message.type} was about`;
  };
  const handlers: Handlers = {
    execute_step: act,
    execute_all: act,
    generate_test_case: act,
    generate_step_script: act,
    cancel: async (message, { reply }) => {
      reply({ type: "cancel_accepted", run_id: message.run_id });
      return `run ${message.run_id}`;
    },
    pause: act,
    resume: act,
    step: act,
    hello: handle,
    subscribe: handle,
    unsubscribe: handle,
  };
  audited = [];
  const audit = { record: (entry: (typeof audited)[number]) => audited.push(entry) };
  const router = new Router({ handlers, limits, audit });
  const manager = new ConnectionManager({
    onFrame: (text, connection) => {
      settled = router.route(text, connection);
    },
    log: silentLog,
  });
  socket = new MockSocket();
  connection = connectVisitor(manager, socket, identity);
}

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

describe("scopes", () => {
  const types = Object.keys(CLIENT_MESSAGES) as (keyof typeof MESSAGE_SCOPES)[];

  test.each(types)("%s is refused, whatever is in it, without its scope", async (type) => {
    const others = Object.keys(SCOPES).filter((scope) => scope !== MESSAGE_SCOPES[type]);
    setUp(undefined, { ...anonymous("a"), scopes: new Set(others as (keyof typeof SCOPES)[]) });
    const answer = await answerTo({ type, request_id: "r" });
    expect(answer).toMatchObject({ code: "forbidden", request_id: "r" });
    expect(answer?.["error"]).toContain(`'${MESSAGE_SCOPES[type]}'`);
    expect({ handled, audited, closedWith: socket.closedWith }).toMatchObject({
      handled: [],
      audited: [{ action: type, isRefused: true }],
      closedWith: undefined,
    });
  });

  test("with nothing but its scope a message is handled", async () => {
    setUp(undefined, { ...anonymous("a"), scopes: new Set(["run"]) });
    await answerTo({ type: "pause", run_id: "r" });
    expect(handled).toEqual([{ type: "pause", run_id: "r" }]);
  });
});

describe("the audit table", () => {
  test("tells who did what to what", async () => {
    const identity = { ...anonymous("a"), principal: "token:1", name: "ci" };
    setUp(undefined, identity);
    await answerTo({ type: "execute_step", step_id: 5 });
    expect(audited).toEqual([
      { identity, address: "local", action: "execute_step", target: "what execute_step was about" },
    ]);
  });

  test("does not tell who looked, or what failed", async () => {
    await answerTo({ type: "subscribe", run_id: "r" });
    failure = new AppError("step_not_found", "Step not found");
    await answerTo({ type: "execute_step", step_id: 7 });
    expect(audited).toEqual([]);
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
        "Known types: execute_step, execute_all, generate_test_case, generate_step_script, cancel",
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

describe("what a client sends is not sent back at any length", () => {
  const DEEP = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  test.each([
    ["a type of a megabyte", `{"type":"${"x".repeat(1_000_000)}"}`, "unknown_type"],
    ["a type nested deeply", `{"type":${DEEP}}`, "unknown_type"],
    [
      "an unknown field of a megabyte",
      `{"type":"cancel","run_id":"r","${"x".repeat(1_000_000)}":1}`,
      "invalid_message",
    ],
    ["a field nested deeply", `{"type":"execute_step","step_id":${DEEP}}`, "invalid_message"],
    ["__proto__", `{"type":"execute_step","step_id":1,"__proto__":{"type":"cancel"}}`, "invalid_message"],
  ])("%s", async (_name, frame, code) => {
    const answer = await answerTo(frame);
    expect(answer).toMatchObject({ type: "execution_error", code });
    expect(JSON.stringify(answer).length).toBeLessThan(1_000);
  });
});

describe("request ids", () => {
  test("one that stands for a request not answered yet is refused", async () => {
    let release: () => void = () => undefined;
    held = new Promise((resolve) => (release = resolve));
    const generate = { type: "generate_test_case", description: "Test", request_id: "g" };
    socket.receive(generate);
    const first = settled;
    expect(await answerTo({ type: "execute_step", step_id: 1, request_id: "g" })).toMatchObject({
      type: "execution_error",
      code: "duplicate_request_id",
      request_id: "g",
    });
    expect(handled).toEqual([generate]);

    release();
    await first;
    await answerTo({ type: "execute_step", step_id: 1, request_id: "g" });
    expect(handled).toHaveLength(2);
  });

  test("is free again after a request that failed", async () => {
    failure = new AppError("step_not_found", "Step not found");
    for (let round = 0; round < 2; round++) {
      const answer = await answerTo({ type: "execute_step", step_id: 1, request_id: "r" });
      expect(answer).toMatchObject({ code: "step_not_found" });
    }
  });
});

describe("rate limits", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const STEP = { type: "execute_step", step_id: 1 };

  async function send(count: number, message: object = STEP): Promise<void> {
    for (let index = 0; index < count; index++) socket.receive(message);
    await settled;
  }

  test("a burst may come at once, then so many a second", async () => {
    setUp(new RateLimits({ messagesPerSecond: 2, messageBurst: 10 }));
    await send(12);
    expect(handled).toHaveLength(10);
    expect(socket.sent).toMatchObject([{ code: "rate_limited", step_id: 1 }, { code: "rate_limited" }]);
    const retryAfterMs = Number(socket.sent[1]?.["retry_after_ms"]);
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(1_000);

    vi.advanceTimersByTime(retryAfterMs);
    await send(3);
    expect(handled).toHaveLength(12);
    vi.advanceTimersByTime(60_000);
    await send(10);
    expect(handled).toHaveLength(22);
  });

  test("whoever does not stop is disconnected, and what it sent besides is not handled", async () => {
    setUp(new RateLimits({ messagesPerSecond: 1 }));
    await send(500);
    expect(socket.closedWith).toEqual(CloseCode.TooManyMessages);
    expect(handled).toHaveLength(1);
    expect(connection.closed.aborted).toBe(true);
  });

  test("whoever waits is not, however often it was refused", async () => {
    setUp(new RateLimits({ messagesPerSecond: 1 }));
    for (let second = 0; second < 60; second++) {
      socket.pong();
      await send(2);
      vi.advanceTimersByTime(1_000);
    }
    expect(handled).toHaveLength(60);
    expect(socket.closedWith).toBeUndefined();
  });

  test("generations are counted for all connections of a principal", async () => {
    setUp(new RateLimits({ generationsPerHour: 2 }));
    const generate = { type: "generate_test_case", description: "Test", request_id: "g" };
    for (let round = 0; round < 2; round++) await answerTo(generate);
    const answer = await answerTo(generate);
    expect(answer).toMatchObject({ type: "generation_error", code: "rate_limited", request_id: "g" });
    expect(Number(answer?.["retry_after_ms"])).toBeGreaterThan(3_000_000);
    await answerTo(STEP);
    expect(handled).toHaveLength(3);
  });

  test("messages are handled in the order in which they came", async () => {
    setUp(new RateLimits({ messagesPerSecond: 3, messageBurst: 100 }));
    for (let stepId = 1; stepId <= 50; stepId++) socket.receive({ type: "execute_step", step_id: stepId });
    await settled;
    expect(handled.map((message) => (message as { step_id: number }).step_id)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });
});
