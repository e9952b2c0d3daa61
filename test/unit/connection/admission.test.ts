import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anonymous } from "../../../src/auth/identity.js";
import type { EndReason, Identity } from "../../../src/auth/ports.js";
import { Admission } from "../../../src/connection/admission.js";
import { ConnectionManager } from "../../../src/connection/connection-manager.js";
import { CloseCode } from "../../../src/protocol/close-codes.js";
import { AppError, type ErrorCode } from "../../../src/protocol/errors.js";
import { MockSocket } from "../../support/mock-socket.js";
import { silentLog } from "../../support/silent-log.js";

const VISITOR = { address: "a", bearer: "token", session: undefined, hasTokenInUrl: false };

let frames: string[];
let answerLogin: PromiseWithResolvers<Identity>;
let logins: number;
let endCredentials: (reason: EndReason) => void;
let isWatched: boolean;
let connections: ConnectionManager;
let admission: Admission;

beforeEach(() => {
  vi.useFakeTimers();
  [frames, logins, isWatched] = [[], 0, false];
  answerLogin = withResolvers();
  connections = new ConnectionManager({
    onFrame: (text) => frames.push(text),
    log: silentLog,
    maxPerAddress: 1,
  });
  admission = new Admission({
    connections,
    login: () => {
      logins++;
      return answerLogin.promise;
    },
    watch: (_identity, onEnd) => {
      [endCredentials, isWatched] = [onEnd, true];
      return () => (isWatched = false);
    },
    log: silentLog,
  });
});

afterEach(() => {
  vi.useRealTimers();
});

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let settle: Pick<PromiseWithResolvers<T>, "resolve" | "reject"> | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  if (settle === undefined) throw new Error("A promise calls its executor at once.");
  return { promise, ...settle };
}

test("nothing is read before it is known whose it is, and a place is taken meanwhile", async () => {
  const socket = new MockSocket();
  const admitted = admission.admit(socket, VISITOR);
  expect(socket.isPaused).toBe(true);
  const second = new MockSocket();
  await admission.admit(second, VISITOR);
  expect(second.closedWith).toEqual(CloseCode.AddressFull);
  expect(logins).toBe(1);

  answerLogin.resolve(anonymous("a"));
  await admitted;
  expect(socket.isPaused).toBe(false);
  socket.receive("first");
  expect(frames).toEqual(["first"]);
  socket.leave();
  expect(isWatched).toBe(false);
  expect("code" in connections.enter("a")).toBe(false);
});

test.each<[ErrorCode | "a bug", CloseCode]>([
  ["unauthorized", CloseCode.Unauthorized],
  ["rate_limited", CloseCode.TooManyFailedLogins],
  ["login_unavailable", CloseCode.LoginUnavailable],
  ["a bug", CloseCode.LoginUnavailable],
])("%s closes the socket, which is dropped when it does not go", async (code, closeCode) => {
  const socket = new MockSocket();
  vi.spyOn(socket, "close").mockImplementation((reason) => {
    socket.closedWith = reason;
  });
  answerLogin.reject(code === "a bug" ? new Error("bug") : new AppError(code, "no"));
  await admission.admit(socket, VISITOR);
  expect(socket).toMatchObject({ closedWith: closeCode, terminated: false, isPaused: false });
  socket.receive("late");
  expect(frames).toEqual([]);
  expect(connections.enter("a")).toEqual(CloseCode.AddressFull);
  vi.advanceTimersByTime(1_000);
  expect(socket.terminated).toBe(true);
  expect("code" in connections.enter("a")).toBe(false);
});

test("a token in the URL is not even looked at", async () => {
  const socket = new MockSocket();
  await admission.admit(socket, { ...VISITOR, hasTokenInUrl: true });
  expect(socket.closedWith).toEqual(CloseCode.TokenInUrl);
  expect(logins).toBe(0);
});

test.each<[EndReason, CloseCode]>([
  ["expired", CloseCode.CredentialsExpired],
  ["revoked", CloseCode.CredentialsRevoked],
  ["login_needed", CloseCode.Unauthorized],
])("credentials that end because they are %s close the connection", async (reason, closeCode) => {
  const socket = new MockSocket();
  answerLogin.resolve(anonymous("a"));
  await admission.admit(socket, VISITOR);
  endCredentials(reason);
  expect(socket.closedWith).toEqual(closeCode);
});
