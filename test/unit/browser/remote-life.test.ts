import type { AddressInfo } from "node:net";
import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import { expect, test as base, vi } from "vitest";
import { WebSocketServer } from "ws";
import { CdpConnection } from "../../../src/browser/cdp/connection.js";
import { BrowserLostError } from "../../../src/browser/launched-browser.js";
import { keepInTouch } from "../../../src/browser/remote-life.js";
import { silentLog } from "../../support/silent-log.js";

/** The hub's end of a browser's socket. */
class Hub {
  readonly server: WebSocketServer;
  asked = 0;
  /** False for a node that is silent, while the hub keeps the connection. */
  isAnswering = true;

  constructor() {
    this.server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    this.server.on("connection", (socket) => {
      socket.on("message", (data: Buffer) => {
        this.asked++;
        const { id } = JSON.parse(data.toString()) as { id: number };
        if (this.isAnswering) socket.send(JSON.stringify({ id, result: {} }));
      });
    });
  }
}

const test = base
  .extend("hub", async ({}, { onCleanup }) => {
    const hub = new Hub();
    await new Promise((resolve) => hub.server.once("listening", resolve));
    onCleanup(() => {
      for (const client of hub.server.clients) client.terminate();
      hub.server.close();
    });
    return hub;
  })
  .extend("connection", async ({ hub }, { onCleanup }) => {
    const { port } = hub.server.address() as AddressInfo;
    const connection = await CdpConnection.open(
      `ws://127.0.0.1:${port}`,
      silentLog,
      AbortSignal.timeout(5_000),
    );
    onCleanup(() => {
      connection.close();
      vi.useRealTimers();
    });
    return connection;
  });

const driverThat = (getWindowHandle: () => Promise<string>) => ({ getWindowHandle }) as WebDriver;
const idle = driverThat(() => Promise.resolve("1"));

/** Lets time pass, with the sockets' own work between. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await vi.advanceTimersByTimeAsync(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const fakeTimers = () =>
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] });

test("a browser that answers stays, and is asked again and again", async ({ hub, connection }) => {
  fakeTimers();
  keepInTouch(idle, connection);
  await pass(30_000);
  await expect.poll(() => hub.asked).toBeGreaterThan(5);
  expect(connection.lost.aborted).toBe(false);
});

test("one whose machine is silent is lost within ten seconds, although its connection stays", async ({
  hub,
  connection,
}) => {
  fakeTimers();
  hub.isAnswering = false;
  keepInTouch(idle, connection);
  await pass(8_500);
  expect(connection.lost.aborted).toBe(false);
  await pass(1_000);
  expect(connection.lost.reason).toEqual(
    new BrowserLostError("The browser is gone: its machine has not answered for 7 s."),
  );
});

test("one whose session the server has ended is lost", async ({ connection }) => {
  fakeTimers();
  keepInTouch(
    driverThat(() => Promise.reject(new driverErrors.NoSuchSessionError("no session"))),
    connection,
  );
  await pass(31_000);
  expect(String(connection.lost.reason)).toContain("the Selenium server has ended its session");
});

test("another error of the server says nothing of the browser", async ({ connection }) => {
  fakeTimers();
  keepInTouch(
    driverThat(() => Promise.reject(new driverErrors.WebDriverError("bad gateway"))),
    connection,
  );
  await pass(31_000);
  expect(connection.lost.aborted).toBe(false);
});
