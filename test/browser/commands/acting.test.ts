import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinyPage, type TinySite } from "../../support/tiny-site.js";

/** Time after which a slow part of a page comes, in milliseconds: long enough for a command to be there first. */
const SLOW_MS = 700;

const html = (body: string, style = "") =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Acting</title><style>body { font: 16px sans-serif } ${style}</style><body>${body}`;

const script: TinyPage = (query, response) => {
  const type = "text/javascript";
  setTimeout(() => response.writeHead(200, { "content-type": type }).end(query.get("code")), SLOW_MS);
  return undefined;
};
const slowly = (code: string) => `/script.js?code=${encodeURIComponent(code)}`;

const SHOP = `<button id="add">Add</button> <input id="word"> <input type="checkbox" id="tick"> <p id="said">-</p>`;
const COMES_ALIVE = `let n = 0;
  document.querySelector("#add").onclick = () => document.querySelector("#said").textContent = "Added " + ++n;
  document.querySelector("#word").value = "";
  document.querySelector("#tick").checked = true;
  document.onkeydown = ({ key }) => document.querySelector("#said").textContent = "Pressed " + key;`;
const PICTURE = `<img src="/picture?never" alt="">`;

const PAGES: Record<string, TinyPage> = {
  "/script.js": script,
  "/picture": (query, response) => {
    if (!query.has("never")) setTimeout(() => response.writeHead(404).end(), SLOW_MS);
    return undefined;
  },
  "/async": () => html(`${SHOP}${PICTURE}<script async src="${slowly(COMES_ALIVE)}"></script>`),
  "/async-module": () =>
    html(`${SHOP}${PICTURE}<script type="module" async src="${slowly(COMES_ALIVE)}"></script>`),
  "/added": () =>
    html(`${SHOP}${PICTURE}<script>
      document.body.append(Object.assign(document.createElement("script"), { src: ${JSON.stringify(slowly(COMES_ALIVE))} }));
    </script>`),
  "/load": () => html(`${SHOP}<img src="/picture" alt=""><script>onload = () => { ${COMES_ALIVE} }</script>`),
  "/never": () => html(`${SHOP}${PICTURE}<script>${COMES_ALIVE}</script>`),
  "/link": () => html(`<a id="link" href="/async">Shop</a>`),
  "/around": () => html(`<iframe id="frame" src="/async" width="400" height="200"></iframe>`),

  "/moving": () =>
    html(
      `<button id="pulsing">Pulsing</button>
<div class="ticker"><div id="belt"><a id="news" href="#news">A storm is coming</a></div></div>
<button id="swaying">Swaying</button> <button id="coming">Coming</button><p id="said">-</p>
<script>
  for (const each of document.querySelectorAll("button, a")) each.onclick = () => document.querySelector("#said").textContent = each.id;
  const sway = (t) => { document.querySelector("#swaying").style.marginLeft = 100 + 20 * Math.sin(t / 300) + "px"; requestAnimationFrame(sway); };
  requestAnimationFrame(sway);
  document.querySelector("#coming").addEventListener("click", ({ target, clientX }) => {
    document.title = "at " + Math.round(clientX - target.getBoundingClientRect().x - target.offsetWidth / 2) + ", still: " + (target.getAnimations().length === 0);
  });
</script>`,
      `@keyframes pulse { 50% { transform: scale(1.15) } } #pulsing { animation: pulse 0.8s infinite }
      @keyframes belt { to { transform: translateX(-300px) } } .ticker { overflow: hidden; width: 400px } #belt { white-space: nowrap; animation: belt 9s linear infinite alternate }
      #coming { position: absolute; left: 300px; top: 200px; animation: come 1.4s } @keyframes come { from { left: 0 } }`,
    ),

  "/says-disabled": () =>
    html(`<button id="why" aria-disabled="true">Send</button><div role="toolbar" aria-disabled="true"><button id="inside">Cut</button></div>
<button id="soon" aria-disabled="true">Soon</button><fieldset disabled><button id="barred">Barred</button></fieldset><p id="said">-</p>
<script>
  for (const each of document.querySelectorAll("button")) each.onclick = () => {
    document.querySelector("#said").textContent = each.id + " " + (each.getAttribute("aria-disabled") ?? "");
  };
  setTimeout(() => document.querySelector("#soon").setAttribute("aria-disabled", "false"), 300);
</script>`),

  "/tips": () =>
    html(
      `<div class="hold"><button id="first">First</button><span class="tip">What the first button does, at length</span></div>
<button id="second">Second</button><br><input id="third" type="checkbox" style="margin-top: 80px">
<button id="scripted">Scripted</button><br><button id="below">Below</button><p id="said">-</p>
<script>
  for (const each of document.querySelectorAll("button")) each.onclick = () => document.querySelector("#said").textContent = each.id;
  const scripted = document.querySelector("#scripted");
  let tip;
  scripted.onmouseenter = () => {
    tip = document.body.appendChild(document.createElement("div"));
    const { left, bottom } = scripted.getBoundingClientRect();
    tip.style = "position: fixed; background: #ffd; width: 300px; height: 60px; left: " + (left - 100) + "px; top: " + bottom + "px";
  };
  scripted.onmouseleave = () => setTimeout(() => tip.remove(), 100);
</script>`,
      `.hold { position: relative; width: 90px } .tip { display: none; position: absolute; top: 100%; left: 0; width: 300px; padding: 20px; background: #ffd; z-index: 5 } .hold:hover .tip { display: block }`,
    ),

  "/capitals": () =>
    html(`<input id="word"><p id="said">-</p><script>
  const said = [];
  document.onkeydown = ({ key, shiftKey }) => { said.push(key + (shiftKey ? "^" : "")); document.querySelector("#said").textContent = said.join(" "); };
</script>`),
};

const atOnce = (element: string, text: string) => ({ ...shows(element, text), timeout: 0 }) as Command;
const type = (element: string, text: string): Command => ({ action: "input", ...id(element), text });

describe.each(ROADS)("over %s", (road) => {
  const b = browsing(road, { isShared: true });
  let site: TinySite;
  const open = (path: string): Command => ({ action: "navigate", url: site.url + path });

  beforeAll(async () => {
    site = await startTinySite(PAGES);
  });
  afterAll(() => site.close());

  describe("input waits for what makes a page alive", () => {
    test.each(["/async", "/async-module", "/added", "/load", "/never"])("a click on %s", async (path) => {
      await b.pass(open(path), click("add"), shows("said", "Added 1"));
    });

    test.each(["/async", "/load"])("a text, a tick and a key on %s", async (path) => {
      const value: Command = { action: "verify_value", ...id("word"), expected_value: "tea" };
      await b.pass(open(path), type("word", "tea"), value);
      await b.pass(
        open(path),
        { action: "uncheck", ...id("tick") },
        { action: "verify_checked", ...id("tick"), not: true },
      );
      await b.pass(open(path), { action: "press_key", keys: "k" }, shows("said", "Pressed k"));
    });

    test("after a link, and in a frame", async () => {
      await b.pass(open("/link"), click("link"), click("add"), shows("said", "Added 1"));
      await b.pass(
        open("/around"),
        { action: "switch_frame", ...id("frame") },
        click("add"),
        shows("said", "Added 1"),
      );
    });

    test("a check does not wait for it", async () => {
      await b.pass(open("/async"), atOnce("said", "-"));
    });

    test("a page that is never whole gets its input when the time for that is over", async () => {
      const commands = [open("/async"), click("add"), atOnce("said", "-")];
      expect((await b.run(commands, { readyTimeoutMs: 1 })).outcome).toEqual({ verdict: "passed" });
    });
  });

  describe("what moves for ever is clicked where it is", () => {
    test.each(["pulsing", "news", "swaying"])("%s", async (element) => {
      await b.pass(open("/moving"), click(element), shows("said", element));
    });

    test("but not what is about to come to rest", async () => {
      await b.pass(open("/moving"), click("coming"), {
        action: "verify_title",
        expected_title: "still: true",
      });
    });
  });

  describe("what only says that it is disabled", () => {
    test.each([
      ["why", "why true"],
      ["inside", "inside"],
      ["soon", "soon false"],
    ])("%s takes a click", async (element, said) => {
      const { logs } = await b.pass(open("/says-disabled"), click(element), shows("said", said));
      const warning = expect.stringContaining("says that it is disabled (aria-disabled)") as string;
      expect(logs).toEqual(element === "soon" ? [] : [{ level: "warning", message: warning }]);
    });

    test("is not enabled to a check, and what is disabled takes no click", async () => {
      await b.pass(open("/says-disabled"), { action: "verify_enabled", ...id("why"), not: true });
      const message = await b.fail({ action: "click", ...id("barred"), timeout: 0.5 });
      expect(message).toContain('<button id="barred"> is disabled');
    });
  });

  describe("the pointer leaves what it has opened", () => {
    test.each([
      ["first", "second"],
      ["scripted", "below"],
    ])("from %s to %s", async (first, second) => {
      await b.pass(open("/tips"), click(first), shows("said", first), click(second), shows("said", second));
    });

    test("a menu that it holds open stays open for its own parts", async () => {
      await b.pass(
        open("/tips"),
        { action: "hover", ...id("first") },
        { action: "click", ...by("css", ".tip") },
      );
    });
  });

  test("capitals and signs come with Shift", async () => {
    await b.pass(open("/capitals"), type("word", "aBC d!Ä1"));
    await b.pass({ action: "verify_value", ...id("word"), expected_value: "aBC d!Ä1" });
    await b.pass(shows("said", road === "cdp" ? "a Shift^ B^ C^   d Shift^ !^ Ä^ 1" : "B^"));
  });
});
