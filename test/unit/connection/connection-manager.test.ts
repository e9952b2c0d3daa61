import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionManager, type Place } from "../../../src/connection/connection-manager.js";
import { CloseCode } from "../../../src/protocol/close-codes.js";
import type { ServerMessage } from "../../../src/protocol/messages.js";
import { MockSocket } from "../../support/mock-socket.js";
import { silentLog } from "../../support/silent-log.js";
import { connectVisitor } from "../../support/visitors.js";

const MESSAGE: ServerMessage = { type: "cancel_accepted", run_id: "r" };

let manager: ConnectionManager;
let frames: [string, string][];

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  manager = new ConnectionManager({
    onFrame: (text, connection) => frames.push([connection.id, text]),
    log: silentLog,
    heartbeatMs: 20_000,
  });
});

afterEach(() => {
  vi.useRealTimers();
});

function connect() {
  const socket = new MockSocket();
  return { socket, connection: connectVisitor(manager, socket) };
}

describe("connect and disconnect", () => {
  test("counts who is there and forgets who has gone", () => {
    const first = connect();
    const second = connect();
    expect(manager.size).toBe(2);
    expect(first.connection.id).not.toBe(second.connection.id);

    first.socket.leave();
    expect(manager.size).toBe(1);
    expect(first.connection.closed.aborted).toBe(true);
    expect(manager.sendTo(first.connection.id, MESSAGE)).toBe(false);
    expect(first.socket.sent).toEqual([]);
  });

  test("closes one connection by its id", () => {
    const { socket, connection } = connect();
    expect(manager.disconnect(connection.id, CloseCode.GoingAway)).toBe(true);
    expect(socket.closedWith).toEqual(CloseCode.GoingAway);
    expect(manager.disconnect(connection.id, CloseCode.GoingAway)).toBe(false);
  });

  test("closes all at the end, and drops who does not answer", async () => {
    const polite = connect();
    const deaf = connect();
    vi.spyOn(deaf.socket, "close").mockImplementation((reason) => {
      deaf.socket.closedWith = reason;
    });
    const closed = manager.closeAll(CloseCode.GoingAway);
    await vi.advanceTimersByTimeAsync(1_000);
    await closed;
    expect(polite.socket).toMatchObject({ closedWith: CloseCode.GoingAway, terminated: false });
    expect(deaf.socket).toMatchObject({ closedWith: CloseCode.GoingAway, terminated: true });
    expect(manager.size).toBe(0);
  });
});

describe("messages", () => {
  test("a personal message reaches one client only", () => {
    const first = connect();
    const second = connect();
    expect(manager.sendTo(first.connection.id, MESSAGE)).toBe(true);
    expect(first.socket.sent).toEqual([MESSAGE]);
    expect(second.socket.sent).toEqual([]);
  });

  test("a broadcast reaches everybody, also past a socket that throws", () => {
    const broken = connect();
    const healthy = connect();
    vi.spyOn(broken.socket, "send").mockImplementation(() => {
      throw new Error("gone");
    });
    manager.broadcast(MESSAGE);
    expect(healthy.socket.sent).toEqual([MESSAGE]);
  });

  test("each frame arrives with the connection that sent it", () => {
    const first = connect();
    const second = connect();
    second.socket.receive("two");
    first.socket.receive("one");
    expect(frames).toEqual([
      [second.connection.id, "two"],
      [first.connection.id, "one"],
    ]);
  });
});

describe("frames that close the socket", () => {
  test("larger than 1 MiB, counted in bytes", () => {
    const { socket } = connect();
    socket.receive("é".repeat(512 * 1024));
    expect(socket.closedWith).toBeUndefined();
    socket.receive("é".repeat(512 * 1024) + "x");
    expect(socket.closedWith).toEqual(CloseCode.FrameTooLarge);
    expect(frames).toHaveLength(1);
  });

  test("binary", () => {
    const { socket } = connect();
    socket.receive("{}", true);
    expect(socket.closedWith).toEqual(CloseCode.BinaryFrame);
    expect(frames).toEqual([]);
  });
});

test("what a client sends after the server has said goodbye is not handled", () => {
  const { socket, connection } = connect();
  vi.spyOn(socket, "close").mockImplementation(() => undefined);
  connection.close(CloseCode.TooManyMessages);
  socket.receive("late");
  expect(frames).toEqual([]);
});

describe("how many may connect", () => {
  function enter(address: string): Place {
    const place = manager.enter(address);
    if ("code" in place) throw new Error(place.reason);
    return place;
  }

  test("in all, those included that nobody knows yet", () => {
    manager = new ConnectionManager({ onFrame: () => undefined, log: silentLog, maxConnections: 2 });
    const socket = new MockSocket();
    connectVisitor(manager, socket);
    const unknown = enter("b");
    expect(manager.enter("c")).toEqual(CloseCode.ServerFull);
    expect(manager.size).toBe(1);

    unknown.leave();
    unknown.leave();
    enter("c");
    expect(manager.enter("d")).toEqual(CloseCode.ServerFull);

    socket.leave();
    enter("d");
  });

  test("from one address", () => {
    manager = new ConnectionManager({ onFrame: () => undefined, log: silentLog, maxPerAddress: 1 });
    const first = enter("a");
    expect(manager.enter("a")).toEqual(CloseCode.AddressFull);
    enter("b");

    first.leave();
    enter("a");
  });
});

test("a client that asks on and on but does not read the answers is let go", () => {
  manager = new ConnectionManager({ onFrame: () => undefined, log: silentLog, sendBufferBytes: 1_000 });
  const { socket, connection } = connect();
  socket.stopReading();
  for (let index = 0; index < 1_000 && !socket.closedWith; index++) connection.send(MESSAGE);
  expect(socket.closedWith).toEqual(CloseCode.TooSlow);
  expect(socket.bufferedAmount).toBeLessThan(3_000);
});

describe("heartbeat", () => {
  test("a client that answers stays", () => {
    const { socket } = connect();
    for (let beat = 0; beat < 5; beat++) {
      vi.advanceTimersByTime(20_000);
      socket.pong();
    }
    expect(socket).toMatchObject({ pings: 5, closedWith: undefined });
  });

  test("a client that misses two is dropped", () => {
    const { socket } = connect();
    vi.advanceTimersByTime(40_000);
    expect(socket).toMatchObject({ pings: 2, terminated: false });
    vi.advanceTimersByTime(20_000);
    expect(socket.closedWith).toEqual(CloseCode.Unresponsive);
    expect(manager.size).toBe(0);
  });
});
