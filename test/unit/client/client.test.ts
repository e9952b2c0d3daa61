import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backoff } from "../../../src/client/backoff.js";
import { ClosedError, connect, StepwireClient, type ConnectOptions } from "../../../src/client/index.js";
import { CloseCode } from "../../../src/protocol/close-codes.js";
import { FakeWebSocket } from "../../support/fake-web-socket.js";

/** Longer than any pause between two attempts. */
const LONG_MS = 20_000;

let sockets: FakeWebSocket[];

class Network extends FakeWebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    sockets.push(this);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
});

afterEach(() => {
  vi.useRealTimers();
});

function client(options: Partial<ConnectOptions> = {}): StepwireClient {
  return new StepwireClient({ url: "http://stepwire.test:8000", WebSocket: Network, ...options });
}

/** The newest connection, once it is being opened. */
async function newest(): Promise<FakeWebSocket> {
  await vi.advanceTimersByTimeAsync(0);
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error("no connection was opened");
  return socket;
}

/** The connection that follows when this one is lost. */
async function next(socket: FakeWebSocket, code = 1006): Promise<FakeWebSocket> {
  socket.leave(code);
  await vi.advanceTimersByTimeAsync(LONG_MS / 2);
  return await newest();
}

const event = (type: string, seq: number, runId = "r1") => ({
  type,
  step_id: 1,
  run_id: runId,
  seq,
  ts: "2026-01-13T10:30:00.000Z",
});

describe("pauses between attempts to connect", () => {
  test("double up to a limit, of which each is a random part", () => {
    const limits = [0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => backoff(attempt, {}, () => 1));
    expect(limits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(backoff(3, {}, () => 0.25)).toBe(500);
    expect(backoff(3, {}, () => 0)).toBe(0);
    const drawn = Array.from({ length: 100 }, () => backoff(3, {}));
    expect(new Set(drawn).size).toBeGreaterThan(90);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(2_000);
  });

  test("grow while the server cannot be reached, and start anew once it could", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    client();
    (await newest()).welcome();
    const pauses: number[] = [];
    const reconnect = async () => {
      const [opened, lostAt] = [sockets.length, Date.now()];
      sockets.at(-1)?.leave();
      while (sockets.length === opened) await vi.advanceTimersByTimeAsync(1);
      pauses.push(Date.now() - lostAt);
    };
    await reconnect();
    await reconnect();
    await reconnect();
    sockets.at(-1)?.welcome();
    await reconnect();
    vi.mocked(Math.random).mockRestore();
    expect(pauses).toEqual([250, 500, 1_000, 250]);
  });
});

describe("a connection that is closed", () => {
  test.each(Object.entries(CloseCode))("%s", async (_name, { code, reason, retry }) => {
    const own = client();
    const socket = await newest();
    socket.welcome();
    const run = own.executeStep(1);
    socket.leave(code, reason);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(sockets.length > 1).toBe(retry);
    if (!retry) await expect(run.result).rejects.toMatchObject({ name: "ClosedError", code });
  });

  test("before the server has welcomed the client for good rejects the promise to connect", async () => {
    const connecting = connect({ url: "http://stepwire.test", WebSocket: Network });
    connecting.catch(() => undefined);
    (await newest()).leave(CloseCode.UnsupportedProtocol.code, CloseCode.UnsupportedProtocol.reason);
    await expect(connecting).rejects.toBeInstanceOf(ClosedError);
  });

  test("by this side stays closed", async () => {
    const own = client();
    (await newest()).welcome();
    own.close();
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(sockets).toHaveLength(1);
  });

  test("without an answer to hello is given up in time", async () => {
    client({ connectTimeoutMs: 3_000 });
    await newest();
    await vi.advanceTimersByTimeAsync(2_999);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(sockets.length).toBeGreaterThan(1);
  });
});

describe("to connect", () => {
  const begin = (options: Partial<ConnectOptions> = {}) => {
    const url = "http://stepwire.test:8000";
    const connecting = connect({ url, WebSocket: Network, connectTimeoutMs: 3_000, ...options });
    connecting.catch(() => undefined);
    return connecting;
  };

  test("takes no longer than it may, and tells why the last attempt failed", async () => {
    const connecting = begin();
    const settled = vi.fn();
    connecting.catch(settled);
    for (let ms = 0; ms < 2_999; ms++) {
      await vi.advanceTimersByTimeAsync(1);
      if (sockets.at(-1)?.isLeft === false) sockets.at(-1)?.fail("connect ECONNREFUSED 127.0.0.1:1");
    }
    expect(sockets.length).toBeGreaterThan(1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await expect(connecting).rejects.toThrow("connect ECONNREFUSED 127.0.0.1:1");
    const opened = sockets.length;
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(sockets).toHaveLength(opened);
  });

  test("to a server that says nothing fails in time", async () => {
    const connecting = begin();
    await vi.advanceTimersByTimeAsync(3_000);
    await expect(connecting).rejects.toThrow("did not answer in time");
  });

  test.each([
    ["Unexpected server response: 404", "no Stepwire server at this address"],
    ["Unexpected server response: 200", "no Stepwire server at this address"],
    ["Unexpected server response: 403", "ALLOWED_ORIGINS"],
  ])("fails at once where the answer is '%s'", async (message, reason) => {
    const connecting = begin();
    (await newest()).fail(message);
    await expect(connecting).rejects.toThrow(reason);
  });

  test.each(["hello there", "[]", "null", '{"type":5}'])(
    "fails at once where another server answers %s",
    async (text) => {
      const connecting = begin();
      (await newest()).receiveText(text);
      await expect(connecting).rejects.toThrow("no Stepwire server");
    },
  );

  test("waits for a token that cannot be had at first, or does not come", async () => {
    const token = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error("the login server is down"))
      .mockImplementationOnce(() => new Promise(() => undefined))
      .mockResolvedValue("good");
    const own = client({ token, connectTimeoutMs: 1_000 });
    while (sockets.length === 0) await vi.advanceTimersByTimeAsync(100);
    sockets[0]?.welcome();
    await own.ready;
    expect(token).toHaveBeenCalledTimes(3);
  });

  test("tells each state, once", async () => {
    const states: string[] = [];
    const own = client({ onState: (state) => states.push(state) });
    const first = await newest();
    first.welcome();
    (await next(first)).leave();
    await vi.advanceTimersByTimeAsync(LONG_MS / 2);
    (await newest()).welcome();
    own.close();
    expect(states).toEqual(["connecting", "connected", "reconnecting", "connected", "closed"]);
  });
});

describe("on a new connection", () => {
  test("the client is authenticated anew, by a subprotocol and not by the URL", async () => {
    const token = vi.fn().mockReturnValueOnce("first").mockReturnValueOnce("sécond?");
    client({ token });
    const first = await newest();
    first.welcome();
    const second = await next(first);
    const tokenOf = ({ protocols }: FakeWebSocket) =>
      Buffer.from(protocols[1]?.replace("stepwire.token.", "") ?? "", "base64url").toString();
    expect([first, second].map(tokenOf)).toEqual(["first", "sécond?"]);
    expect(second.protocols[1]).toMatch(/^[\w.-]+$/);
    expect(second.url).toBe("ws://stepwire.test:8000/ws/execute-step");
  });

  test("every open run goes on after its last event, one that has ended does not", async () => {
    const own = client();
    const first = await newest();
    first.welcome();
    own.executeStep(1);
    own.executeStep(2);
    own.executeStep(3);
    for (const [index, { request_id }] of first.ofType("execute_step").entries()) {
      const runId = `r${index + 1}`;
      for (let seq = 1; seq <= index + 2; seq++) {
        first.receive({ ...event("execution_started", seq, runId), request_id });
      }
    }
    first.receive({ ...event("execution_complete", 3, "r1"), status: "passed" });
    const second = await next(first);
    second.welcome();
    expect(second.sent.map(({ type, run_id, after_seq }) => [type, run_id, after_seq])).toEqual([
      ["hello", undefined, undefined],
      ["subscribe", "r2", 3],
      ["subscribe", "r3", 4],
    ]);
  });

  test("a request that was not answered is sent again as it was, with its key", async () => {
    const own = client();
    const first = await newest();
    // Asked before the connection was there.
    const run = own.executeStep(1);
    expect(first.sent).toEqual([]);
    first.welcome();
    const second = await next(first);
    second.welcome();
    const [asked] = first.ofType("execute_step");
    expect(String(asked?.["idempotency_key"]).length).toBeGreaterThanOrEqual(16);
    expect(second.ofType("execute_step")).toEqual([asked]);
    second.receive({ ...event("execution_started", 1), request_id: asked?.["request_id"] });
    expect(await run.accepted).toBe("r1");
    const third = await next(second);
    third.welcome();
    expect(third.ofType("execute_step")).toEqual([]);
  });

  test("two requests for the same step are two requests", async () => {
    const own = client();
    const socket = await newest();
    socket.welcome();
    own.executeStep(1);
    own.executeStep(1);
    const keys = socket.ofType("execute_step").map(({ idempotency_key }) => idempotency_key);
    expect(new Set(keys).size).toBe(2);
  });

  test("events that come again are passed over, and a gap is asked for", async () => {
    const own = client();
    const socket = await newest();
    socket.welcome();
    const run = own.watch("r1");
    for (const seq of [1, 2, 2, 1, 4]) socket.receive(event("execution_started", seq));
    expect(socket.ofType("subscribe").map(({ after_seq }) => after_seq)).toEqual([0, 2]);
    for (const seq of [3, 4]) socket.receive(event("execution_started", seq));
    socket.receive({ ...event("execution_complete", 5), status: "passed" });
    socket.receive({ type: "subscription_complete", run_id: "r1", last_seq: 5 });
    const seqs: number[] = [];
    for await (const { seq } of run) seqs.push(seq);
    expect(seqs).toEqual([1, 2, 3, 4, 5]);
  });
});
