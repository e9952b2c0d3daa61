import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const START = `<!doctype html><title>Start</title><h1 id=place>Start</h1>
<a id=never href="/never">Never</a> <a id=nothing href="/nothing">Nothing</a> <a id=file href="/file">File</a>
<a id=slow href="/slow">Slow</a> <button id=next onclick="place.textContent = 'Clicked'">Next</button>`;

let site: TinySite;
beforeAll(async () => {
  site = await startTinySite({
    "/": () => START,
    // The request is answered when the site closes, and not before.
    "/never": () => undefined,
    "/nothing": (_, response) => void delay(300).then(() => response.writeHead(204).end()),
    "/file": (_, response) =>
      void delay(300).then(() =>
        response.writeHead(200, { "content-disposition": "attachment; filename=a.csv" }).end("a,b"),
      ),
    "/slow": (_, response) =>
      void delay(300).then(() =>
        response.writeHead(200, { "content-type": "text/html" }).end("<h1 id=place>Slow"),
      ),
  });
});
afterAll(() => site.close());

const start = (): Command => ({ action: "navigate", url: `${site.url}/` });

describe.each(ROADS)("a navigation that does not come at once, over %s,", (road) => {
  const { pass, run } = browsing(road);

  test.each(["nothing", "file"])("leaves the page that is there when it brings %s", async (link) => {
    await pass(start(), click(link), click("next"), shows("place", "Clicked"));
  });

  test("is waited for", async () => {
    await pass(start(), click("slow"), shows("place", "Slow"));
  });

  test.runIf(road === "cdp")(
    "is named by the command that it kept from being judged (cdp tells of it)",
    async () => {
      const { outcome } = await run([
        start(),
        click("never"),
        { ...shows("place", "Start"), timeout: 0.5 } as Command,
      ]);
      expect(outcome).toMatchObject({
        verdict: "error",
        command: 3,
        message: expect.stringContaining(
          `but a navigation to "${site.url}/never" has been pending for `,
        ) as string,
      });
      const left = await run([{ ...id("next"), action: "click", timeout: 0.5 }]);
      expect(left.outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining("has been pending for ") as string,
      });
    },
  );
});
