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
    ["has ended when it is on this machine", false, BrowserLostError],
    ["has none that can be reached when it is on another", true, NoDevToolsError],
  ])("%s", async (_what, isRemote, expected) => {
    const driver = driverThatNames({
      "goog:chromeOptions": { debuggerAddress: `127.0.0.1:${await closedPort()}` },
    });
    await expect(connect(driver, { isRemote, log: silentLog }, soon())).rejects.toThrow(expected);
  });
});

test("a driver that names no DevTools has a browser without", async () => {
  await expect(connect(driverThatNames({}), { isRemote: false, log: silentLog }, soon())).rejects.toThrow(
    NoDevToolsError,
  );
});
