import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const START = `<!doctype html><title>Start</title><h1 id=place>Start</h1>
<a id=never href="/never">Never</a> <a id=nothing href="/nothing">Nothing</a> <a id=file href="/file">File</a>
<a id=slow href="/slow">Slow</a> <a id=late href="/late" onclick="place.textContent = 'Please wait'">Late</a> <button id=next onclick="place.textContent = 'Clicked'">Next</button>
<select id=size><option>Small<option>Large</select> <form id=form onsubmit="place.textContent = 'Sent'; return false"></form>
<p style="margin-top: 5000px" id=foot>Foot`;

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
    "/late": (_, response) =>
      void delay(2500).then(() =>
        response.writeHead(200, { "content-type": "text/html" }).end("<h1 id=place>Late"),
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

  // The driver waits for a navigation by itself, and answers nothing meanwhile.
  describe.runIf(road === "cdp")("and never does (not over classic, where the driver waits)", () => {
    test("leaves the page that is there to be looked at, and to be worked with", async () => {
      await pass(
        start(),
        click("never"),
        shows("place", "Start"),
        { action: "verify_visible", ...id("next") },
        { action: "click", ...by("role", "button"), locator_name: "Next" },
        shows("place", "Clicked"),
        { action: "verify_hidden", ...id("absent") },
      );
    });

    test("leaves it to be scrolled, chosen from and submitted", async () => {
      await pass(
        start(),
        click("never"),
        { action: "select", ...id("size"), label: "Large" },
        { action: "verify_selected", ...id("size"), label: "Large" },
        { action: "scroll", ...id("foot") },
        { action: "focus", ...id("next") },
        { action: "submit", ...id("form") },
        shows("place", "Sent"),
      );
    });

    test("is still taken when it comes, by a check that waits for it", async () => {
      await pass(start(), click("late"), shows("place", "Please wait"), shows("place", "Late"));
    });

    test("is named by a command that needs it", async () => {
      const reload: Command = { action: "press_key", keys: "F5", timeout: 0.5 };
      const { outcome } = await run([start(), click("never"), reload]);
      expect(outcome).toMatchObject({
        verdict: "error",
        command: 3,
        message: expect.stringContaining(
          `but a navigation to "${site.url}/never" has been pending for `,
        ) as string,
      });
    });
  });
});
