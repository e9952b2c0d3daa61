import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { CdpConnection, CdpError } from "../../../../src/browser/cdp/connection.js";
import { BrowserLostError } from "../../../../src/browser/launched-browser.js";
import { silentLog } from "../../../support/silent-log.js";

/** A browser's end of the socket: what it was sent, and what it answers. */
let server: WebSocketServer;
let peer: Promise<WebSocket>;
let connection: CdpConnection;
const soon = () => AbortSignal.timeout(5_000);

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  peer = new Promise((resolve) => server.once("connection", resolve));
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  connection = await CdpConnection.open(`ws://127.0.0.1:${port}`, silentLog, soon());
});

afterEach(async () => {
  connection.close();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

/** Answers every command with what the function makes of it. */
async function answerWith(answer: (command: { id: number; method: string; sessionId?: string }) => object) {
  const socket = await peer;
  socket.on("message", (data: Buffer) => {
    const command = JSON.parse(data.toString());
    socket.send(JSON.stringify({ id: command.id, sessionId: command.sessionId, ...answer(command) }));
  });
}

test("answers reach the commands of their session, whatever their order", async () => {
  await answerWith(({ method, sessionId }) => ({ result: { method, sessionId } }));
  const commands = [
    connection.root.send("Page.enable", {}, soon()),
    connection.session("1").send("Log.enable", {}, soon()),
    connection.session("2").send("DOM.enable", {}, soon()),
  ];
  expect(await Promise.all(commands)).toEqual([
    { method: "Page.enable" },
    { method: "Log.enable", sessionId: "1" },
    { method: "DOM.enable", sessionId: "2" },
  ]);
});

test("a refusal is an error that names the command", async () => {
  await answerWith(() => ({ error: { code: -32000, message: "no such thing" } }));
  await expect(connection.root.send("Page.enable", {}, soon())).rejects.toEqual(
    new CdpError("Page.enable: no such thing"),
  );
});

test("events reach the listeners of their session and nobody else", async () => {
  const socket = await peer;
  const seen: string[] = [];
  const heard = new Promise<void>((resolve) => {
    connection.session("1").on("Network.loadingFinished", ({ requestId }) => {
      seen.push(`1 ${requestId}`);
      if (requestId === "last") resolve();
    });
  });
  connection.session("2").on("Network.loadingFinished", ({ requestId }) => seen.push(`2 ${requestId}`));
  const tell = (sessionId: string, requestId: string) => {
    socket.send(JSON.stringify({ method: "Network.loadingFinished", params: { requestId }, sessionId }));
  };
  tell("1", "a");
  tell("unknown", "b");
  tell("2", "c");
  tell("1", "last");
  await heard;
  expect(seen).toEqual(["1 a", "2 c", "1 last"]);
});

test("a command ends with its signal, and its late answer is nobody's", async () => {
  const socket = await peer;
  const asked = new Promise<{ id: number }>((resolve) => {
    socket.once("message", (data: Buffer) => {
      resolve(JSON.parse(data.toString()));
    });
  });
  const stop = new AbortController();
  const command = connection.root.send("Page.enable", {}, stop.signal);
  const { id } = await asked;
  stop.abort(new Error("enough"));
  await expect(command).rejects.toThrow("enough");
  await expect(connection.root.send("Log.enable", {}, stop.signal)).rejects.toThrow("enough");
  socket.send(JSON.stringify({ id, result: {} }));
  await answerWith(() => ({ result: { data: "answered" } }));
  expect(await connection.root.send("Page.captureScreenshot", {}, soon())).toEqual({ data: "answered" });
});

test("what ends a session ends its commands, and no others", async () => {
  const session = connection.session("1");
  const command = session.send("Page.enable", {}, soon());
  connection.endSession(session, new Error("the target has gone"));
  await expect(command).rejects.toThrow("the target has gone");
  await expect(session.send("Log.enable", {}, soon())).rejects.toThrow("the target has gone");
  expect(connection.lost.aborted).toBe(false);
});

test.each<[string, (socket: WebSocket) => void]>([
  ["a connection that breaks", (socket) => socket.terminate()],
  ["a browser that closes it", (socket) => socket.close()],
  ["something that is not JSON", (socket) => socket.send("{")],
])("%s is the loss of the browser for everyone", async (_what, act) => {
  const commands = [
    connection.root.send("Page.enable", {}, soon()),
    connection.session("1").send("Log.enable", {}, soon()),
  ];
  act(await peer);
  for (const command of commands) await expect(command).rejects.toBeInstanceOf(BrowserLostError);
  expect(connection.lost.reason).toBeInstanceOf(BrowserLostError);
  await expect(connection.root.send("DOM.enable", {}, soon())).rejects.toBeInstanceOf(BrowserLostError);
});

test("an address at which nothing listens, or nobody answers, is an error", async () => {
  await expect(CdpConnection.open("ws://127.0.0.1:1/", silentLog, soon())).rejects.toThrow("ECONNREFUSED");
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const opening = CdpConnection.open(`ws://127.0.0.1:${port}`, silentLog, AbortSignal.timeout(100));
  await expect(opening).rejects.toThrow("aborted due to timeout");
  await new Promise((resolve) => silent.close(resolve));
});
