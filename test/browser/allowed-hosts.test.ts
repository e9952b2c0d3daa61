import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSite, type Site } from "../site/server.js";
import { REACH_FROM_PAGE } from "../support/reaching.js";
import { realPool, ROADS } from "../support/real-browser.js";
import { runCommands } from "../support/script-context.js";

/** Time that a try to reach a host gets, in milliseconds. */
const TRY_MS = 1_500;

const soon = () => AbortSignal.timeout(50_000);

let site: Site;
/** Whoever came to the host that is not allowed. */
const visits: string[] = [];
const other = createServer((request, response) => {
  visits.push(`${request.method} ${request.headers.host}${request.url}`);
  response.end();
});
other.on("upgrade", (request, socket) => {
  visits.push(`upgrade ${request.headers.host}`);
  socket.destroy();
});

beforeAll(async () => {
  site = await startSite();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  other.close();
  await site.close();
});

test.each(ROADS)(
  "over %s, a host that is not allowed is reached by no road of a page or script",
  async (road) => {
    const lookup = (host: string) =>
      Promise.resolve([host === "localhost" ? "::1" : "127.0.0.1", "127.0.0.1"]);
    const real = realPool({ size: 1, road, allowedHosts: ["127.0.0.1", "app.test"], network: { lookup } });
    const session = await real.pool.acquire(soon());
    try {
      const { page } = session;
      const { port } = other.address() as AddressInfo;
      const hosts = ["other.test", "sub.app.test", "localhost", "127.0.0.2", "[::1]", "0.0.0.0"];
      const urls = hosts.map((host) => `http://${host}:${port}/any`);
      await page.navigate(`${site.url}/text`, soon());
      const request = { urls, body: "x", ms: TRY_MS };
      expect(JSON.parse(await page.call(REACH_FROM_PAGE, JSON.stringify(request), soon()))).toEqual([]);
      for (const to of urls) {
        for (const url of [to, `${site.url}/reach/redirect?to=${encodeURIComponent(to)}`]) {
          const { outcome } = await runCommands(page, [{ action: "navigate", url }]);
          expect(outcome, url).toMatchObject({ verdict: "error" });
        }
      }
      expect(visits).toEqual([]);
      // The same server under a name that is allowed, so that its silence means something.
      await page.navigate(`http://app.test:${port}/any`, soon());
      expect(visits).toContain(`GET app.test:${port}/any`);
    } finally {
      visits.length = 0;
      await session.close();
      await real.pool.close();
    }
  },
);
