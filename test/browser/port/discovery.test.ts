import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { findBrowser } from "../../../src/browser/setup/discovery.js";

const search = { browser: "chrome", install: false, log: () => undefined } as const;

it("finds this machine's own browser and a driver of the same major version", async () => {
  const found = await findBrowser({ ...search, signal: AbortSignal.timeout(30_000) });
  const driver = execFileSync(found.driver, ["--version"], { encoding: "utf8" });
  expect(found.version).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  expect(driver).toContain(`ChromeDriver ${found.version.split(".")[0] ?? ""}.`);
});

it("finds the driver of a browser that is named", async () => {
  const { binary, driver } = await findBrowser({ ...search, signal: AbortSignal.timeout(30_000) });
  const again = await findBrowser({ ...search, browserBinary: binary, signal: AbortSignal.timeout(30_000) });
  expect(again).toMatchObject({ binary, driver });
});

it("says what is wrong with a program that is no browser", async () => {
  const options = { ...search, browserBinary: process.execPath, signal: AbortSignal.timeout(30_000) };
  // Node prints a version too, but no driver has that one.
  await expect(findBrowser(options)).rejects.toThrow(/has no matching driver[\s\S]*Next: /);
  await expect(findBrowser({ ...options, browserBinary: import.meta.filename })).rejects.toThrow(
    /^BROWSER_BINARY: .* is not a program that may be run/,
  );
});

it("stops when it is told to", async () => {
  const reason = new Error("stopping");
  await expect(findBrowser({ ...search, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
