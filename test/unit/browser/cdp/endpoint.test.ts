import { Capabilities, type WebDriver } from "selenium-webdriver";
import { describe, expect, test } from "vitest";
import { connect, NoDevToolsError } from "../../../../src/browser/cdp/endpoint.js";
import { BrowserLostError } from "../../../../src/browser/launched-browser.js";
import { closedPort } from "../../../support/closed-port.js";
import { silentLog } from "../../../support/silent-log.js";

const driverThatNames = (options: object) =>
  ({ getCapabilities: () => Promise.resolve(new Capabilities(options)) }) as WebDriver;
const soon = () => AbortSignal.timeout(5_000);

describe("a browser whose DevTools do not answer", () => {
  test.each([
    ["has ended when it is on this machine", undefined, BrowserLostError],
    [
      "has none that can be reached when a server of this machine gave it",
      "http://localhost:4444",
      NoDevToolsError,
    ],
  ])("%s", async (_what, remoteUrl, expected) => {
    const driver = driverThatNames({
      "goog:chromeOptions": { debuggerAddress: `127.0.0.1:${await closedPort()}` },
    });
    await expect(connect(driver, { remoteUrl, log: silentLog }, soon())).rejects.toThrow(expected);
  });
});

test("a driver that names no DevTools has a browser without", async () => {
  await expect(connect(driverThatNames({}), { log: silentLog }, soon())).rejects.toThrow(NoDevToolsError);
});

test("the loopback address of another machine's browser is not looked up on this one", async () => {
  const driver = driverThatNames({ "goog:chromeOptions": { debuggerAddress: "localhost:9222" } });
  await expect(
    connect(driver, { remoteUrl: "http://grid.test:4444", log: silentLog }, soon()),
  ).rejects.toThrow("The driver names no address of the browser's DevTools.");
});
