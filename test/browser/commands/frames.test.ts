import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinyPage, type TinySite } from "../../support/tiny-site.js";

const html = (body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Frames</title><body>${body}`;
const frame = (attributes: string) => `<iframe title="Part" width="400" height="200" ${attributes}></iframe>`;

const LETTER = `<a id="confirm" href="/confirmed" target="_top">Confirm</a> <input id="word"> <input id="tick" type="checkbox">`;
const BUTTON = `<button id="press" onclick="this.textContent = 'Pressed'">Press</button>`;

const PAGES: Record<string, TinyPage> = {
  "/letter": () => html(LETTER),
  "/letter-around": () => html(frame(`src="/letter" sandbox="allow-top-navigation allow-same-origin"`)),
  "/letter-alone": (_query, response) => {
    response.setHeader(
      "content-security-policy",
      "sandbox allow-same-origin allow-top-navigation allow-forms",
    );
    return html(LETTER);
  },
  "/confirmed": () => html(`<h1 id="said">Confirmed</h1>`),
  "/button": () => html(BUTTON),
  "/lazy": (query) => {
    const src = `${query.get("site") ?? ""}/button`;
    return html(`<div style="height: 9000px"></div>${frame(`loading="lazy" src="${src}"`)}`);
  },
  "/anew": (query) =>
    html(`<div id="place">${frame(`src="/leaves"`)}</div><script>
      onmessage = () => {
        document.querySelector("#place").innerHTML = "";
        setTimeout(() => {
          const part = ${JSON.stringify(frame(`src="/button"`))};
          document.querySelector("#place").innerHTML = part.repeat(${query.get("times") ?? "1"});
        }, 200);
      };
    </script>`),
  "/leaves": () => html(`<button id="leave" onclick="parent.postMessage(1, '*')">Leave</button>`),
  "/reloads-around": () => html(frame(`src="/reloads"`)),
  "/reloads": () =>
    html(`<button id="reload" onclick="parent.location.reload()">Reload</button><p id="said"></p><script>
      sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1;
      document.querySelector("#said").textContent = "Load " + sessionStorage.loads;
    </script>`),
};

describe.each(ROADS)("over %s", (road) => {
  const b = browsing(road, { isShared: true });
  let site: TinySite;
  const open = (path: string): Command => ({ action: "navigate", url: site.url + path });
  const enter: Command = { action: "switch_frame", ...by("title", "Part") };

  beforeAll(async () => {
    site = await startTinySite(PAGES);
  });
  afterAll(() => site.close());

  describe("a document that runs no scripts of its own", () => {
    test.each([
      ["in a sandboxed frame", "/letter-around", [enter]],
      ["in a page that is sandboxed by its headers", "/letter-alone", []],
    ])("%s takes texts and clicks, and its links lead on", async (_where, path, way) => {
      await b.pass(
        open(path),
        ...way,
        { action: "input", ...id("word"), text: "tea" },
        { action: "verify_value", ...id("word"), expected_value: "tea" },
        { action: "check", ...id("tick") },
        click("confirm"),
        shows("said", "Confirmed"),
      );
    });
  });

  test.each(["", "other"])(
    "a lazy frame is brought near, and its document waited for: %s site",
    async (which) => {
      const other = which === "" ? "" : `?site=${site.otherUrl}`;
      await b.pass(open(`/lazy${other}`), enter, click("press"), shows("press", "Pressed"));
    },
  );

  describe("a frame that is made anew", () => {
    test("is gone on in", async () => {
      const { logs } = await b.pass(
        open("/anew"),
        enter,
        click("leave"),
        click("press"),
        shows("press", "Pressed"),
      );
      const message = "The frame (title 'Part') was made anew; going on in the new one.";
      expect(logs).toEqual([{ level: "info", message }]);
    });

    test("is entered again by name before it is there", async () => {
      const top: Command = { action: "switch_frame", top: true };
      await b.pass(
        open("/anew"),
        enter,
        click("leave"),
        top,
        enter,
        click("press"),
        shows("press", "Pressed"),
      );
    });

    test("is found again when the page around it was loaded again", async () => {
      await b.pass(
        open("/reloads-around"),
        enter,
        shows("said", "Load 1"),
        click("reload"),
        shows("said", "Load 2"),
      );
    });

    test("is not guessed among several", async () => {
      const commands = [
        open("/anew?times=2"),
        enter,
        click("leave"),
        { ...click("press"), timeout: 1 } as Command,
      ];
      expect((await b.run(commands)).outcome).toMatchObject({
        verdict: "error",
        command: 4,
        message: expect.stringContaining("its locator (title 'Part') finds no single frame now") as string,
      });
    });
  });
});
