import * as chrome from "selenium-webdriver/chrome.js";
import { remote } from "webdriverio";
import { browserArguments } from "../../../src/browser/setup/arguments.js";
import type { Bench } from "../bench.js";
import { Side } from "../rounds.js";
import { profileFolder } from "../selenium/browser.js";
import { carryOut, COMMAND_TIMEOUT_MS, FORGET } from "../shop.js";
import type { StartedSide } from "../started-side.js";
import { webdriverioShop } from "./shop.js";

/** One browser and tab for all runs; the server's own browser, with the server's own flags and driver. */
export async function startWebdriverio({ browser, site, teardown }: Bench): Promise<StartedSide<number>> {
  const { folder, remove } = await profileFolder();
  teardown.defer(remove);
  const service = new chrome.ServiceBuilder(browser.driver).build();
  const { hostname, port } = new URL(await service.start());
  const stopDriver = teardown.defer(() => service.kill());
  const client = await remote({
    hostname,
    port: Number(port),
    path: "/",
    logLevel: "error",
    waitforTimeout: COMMAND_TIMEOUT_MS,
    capabilities: {
      browserName: "chrome",
      "goog:chromeOptions": {
        binary: browser.binary,
        args: browserArguments({ headless: true, profileFolder: folder }),
      },
    },
  });
  const quit = teardown.defer(() => client.deleteSession());
  const side = new Side("WebdriverIO, one tab", async () => {
    const started = performance.now();
    await carryOut(webdriverioShop(client, site.url));
    const ended = performance.now();
    await client.execute(`return (${FORGET})()`);
    return ended - started;
  });
  const stop = async () => {
    await quit();
    await stopDriver();
  };
  return { side, stop };
}
