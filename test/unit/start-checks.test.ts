import { expect, test } from "vitest";
import { parseConfig } from "../../src/config.js";
import { checkSurroundings } from "../../src/start-checks.js";

test("everything that the configuration names and this machine has not is told at once", async () => {
  const config = parseConfig({
    HOST: "no-such-host.invalid",
    BROWSER_BINARY: "/no/such/browser",
    BROWSER_DRIVER: process.execPath,
    BROWSER_HEADLESS: "false",
  });
  const checked = checkSurroundings(config, {});
  await expect(checked).rejects.toThrow(
    /^HOST: no-such-host\.invalid is no address.*\nBROWSER_BINARY: \/no\/such\/browser does not exist; .*$/m,
  );
  if (process.platform === "linux") {
    await expect(checked).rejects.toThrow(/^BROWSER_HEADLESS: is false, and there is no display/m);
  }
});

test("a display, and a browser on another machine, need none of that", async () => {
  const windows = parseConfig({ BROWSER_HEADLESS: "false" });
  await expect(checkSurroundings(windows, { DISPLAY: ":0" })).resolves.toBeUndefined();
  const elsewhere = parseConfig({
    BROWSER_HEADLESS: "false",
    BROWSER_BINARY: "/there/browser",
    SELENIUM_REMOTE_URL: "http://127.0.0.1:4444",
  });
  await expect(checkSurroundings(elsewhere, {})).resolves.toBeUndefined();
});
