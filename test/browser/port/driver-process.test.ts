import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DriverProcess } from "../../../src/browser/setup/driver-process.js";
import { openTestNetwork } from "../../support/browser-network.js";
import { findChromium } from "../../support/installed-browser.js";

const soon = () => AbortSignal.timeout(20_000);

test("a driver serves only who knows its path, which each has of its own", async () => {
  const network = await openTestNetwork();
  const folder = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  const { driver } = await findChromium();
  const start = () =>
    DriverProcess.start({ kind: "chrome", driver, folder, ports: network.ports, signal: soon() });
  const drivers = [await start(), await start()];
  try {
    const bases = drivers.map(({ url }) => new URL(url).pathname);
    expect(new Set(bases).size).toBe(2);
    for (const { url } of drivers) {
      expect(new URL(url).pathname).toMatch(/^\/[0-9a-f]{32}$/);
      const { origin } = new URL(url);
      const ask = async (path: string, init?: RequestInit) =>
        (await fetch(origin + path, { ...init, signal: soon() })).status;
      const body = JSON.stringify({ capabilities: {} });
      expect(await ask("/status")).toBe(400);
      expect(await ask("/shutdown")).toBe(400);
      expect(await ask("/session", { method: "POST", body })).toBe(400);
      expect(await ask(`${"/0".padEnd(33, "0")}/shutdown`)).toBe(400);
      expect((await fetch(`${url}/status`, { signal: soon() })).status).toBe(200);
    }
  } finally {
    await Promise.all(drivers.map((each) => each.stop()));
    await network.close();
    await rm(folder, { recursive: true });
  }
});
