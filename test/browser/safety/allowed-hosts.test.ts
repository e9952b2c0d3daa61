import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSite, type Site } from "../../site/server.js";
import { REACH_FROM_PAGE } from "../../support/reaching.js";
import { realPool, ROADS } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";

/** Time that a try to reach a host gets, in milliseconds. */
const TRY_MS = 1_500;

const soon = () => AbortSignal.timeout(50_000);

let site: Site;

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

/** A server that writes down who came to it. */
async function startWitness() {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(`${request.method} ${request.headers.host}${request.url}`);
    response.end();
  });
  server.on("upgrade", (request, socket) => {
    visits.push(`upgrade ${request.headers.host}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, visits, close: () => server.close() };
}

test.each(ROADS)(
  "over %s, a host that is not allowed is reached by no road of a page or script",
  async (road) => {
    const lookup = (host: string) =>
      Promise.resolve([host === "localhost" ? "::1" : "127.0.0.1", "127.0.0.1"]);
    const real = realPool({ size: 1, road, allowedHosts: ["127.0.0.1", "app.test"], network: { lookup } });
    const session = await real.pool.acquire(soon());
    const { port, visits, close } = await startWitness();
    try {
      const { page } = session;
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
      await session.close();
      await real.pool.close();
      close();
    }
  },
);
