import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BrowserSession } from "../../../src/execution/ports.js";
import type { Command } from "../../../src/protocol/commands.js";
import { click, id, shows } from "../../support/browsing.js";
import { realPool, type RealPool } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** A page with what runs of one browser could take from each other. */
const PAGE = `<!doctype html><html lang="en"><title>Run</title>
<input id="text"> <input id="target">
<button id="command">Copy by a command</button> <button id="call">Copy by a call</button>
<button id="own">Copy something else</button> <button id="read">Read</button>
<button id="state">May I?</button> <a id="popup" href="/?text=popup" target="shop">Open</a>
<button id="private">Fetch</button> <a id="file" href="/file" download="file.txt">Save</a>
<p id="came"></p>
<script>
  text.value = new URLSearchParams(location.search).get("text");
  const tell = (what) => { came.textContent += what + "; "; };
  command.onclick = () => { text.select(); document.execCommand("copy"); };
  call.onclick = () => navigator.clipboard.writeText(text.value).then(() => tell("copied"), tell);
  own.onclick = () => {
    own.addEventListener("copy", (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", text.value);
    }, { once: true });
    getSelection().selectAllChildren(own);
    document.execCommand("copy");
  };
  read.onclick = () => navigator.clipboard.readText().then((text) => tell("read " + text), ({ name }) => tell(name));
  state.onclick = () => navigator.permissions.query({ name: "geolocation" }).then(({ state }) => tell(state));
  document.querySelector("#private").onclick = () => fetch("/private?by=" + text.value);
  addEventListener("paste", ({ clipboardData }) => tell("pasted " + clipboardData.getData("text/plain")));
</script>`;

const soon = () => AbortSignal.timeout(20_000);
const key = (keys: string): Command => ({ action: "press_key", keys });
const paste = [click("target"), key("Control+V")];
const value = (expected_value: string): Command => ({
  action: "verify_value",
  ...id("target"),
  expected_value,
});
const copyText = [click("text"), key("Control+A"), key("Control+C")];
const maySeeClipboard: Command = { action: "set_permission", permission: "clipboard-read", state: "granted" };

describe("two runs at a time in one browser", () => {
  let site: TinySite;
  let real: RealPool;
  let one: BrowserSession;
  let other: BrowserSession;
  const logins: string[] = [];
  beforeAll(async () => {
    site = await startTinySite({
      "/": () => PAGE,
      "/file": () => "a file",
      "/private": (query, response) => {
        const login = response.req.headers.authorization;
        logins.push(`${query.get("by")} ${login === undefined ? "without" : "with"} a login`);
        if (login !== undefined) return "<p id=came>come in</p>";
        response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
        return undefined;
      },
    });
    real = realPool({ size: 1 });
    await (await real.pool.acquire(soon())).close();
  });
  afterAll(async () => {
    await real.pool.close();
    await site.close();
  });
  const newSession = async () => {
    const [browser] = real.launched;
    if (browser === undefined) throw new Error("no browser was launched");
    return await browser.newSession();
  };
  beforeEach(async () => {
    [one, other] = await Promise.all([newSession(), newSession()]);
  });
  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
  });
  const open = (text: string): Command => ({ action: "navigate", url: `${site.url}/?text=${text}` });
  const pass = async (session: BrowserSession, ...commands: Command[]) => {
    const { outcome } = await runCommands(session.page, commands);
    expect(outcome).toEqual({ verdict: "passed" });
  };

  test.for([
    ["keys", copyText],
    ["a command", [click("command")]],
    ["a call", [click("call"), shows("came", "copied")]],
    ["a page's own handler", [click("own")]],
  ] as const)("neither paste nor read what the other copies by %s", async ([, copy]) => {
    await pass(other, open("mine"), ...copyText, maySeeClipboard);
    await pass(one, open("secret"), ...copy);
    await pass(other, ...paste, value("mine"), click("read"), shows("came", "read mine;"));
    await pass(one, ...paste, value("secret"));
  });

  test("paste nothing where only the other has copied, nor what a run before has", async () => {
    await pass(one, open("secret"), ...copyText);
    await pass(
      other,
      maySeeClipboard,
      open("mine"),
      ...paste,
      click("read"),
      shows("came", "read ;"),
      value(""),
    );
    await one.close();
    const later = await newSession();
    await pass(later, open("later"), ...paste, value(""));
    await later.close();
  });

  test("paste their own while both copy and paste all the time", async () => {
    const often = (text: string) => [
      open(text),
      ...Array.from({ length: 5 }, () => [...copyText, ...paste]).flat(),
    ];
    await Promise.all([pass(one, ...often("a"), value("aaaaa")), pass(other, ...often("b"), value("bbbbb"))]);
  });

  test("paste nothing of the other in the moment between their own copy and their keys", async () => {
    const copying = `() => { setInterval(() => { document.querySelector("#text").select(); document.execCommand("copy"); }, 1); return ""; }`;
    await pass(one, open("secret"), ...copyText);
    await one.page.call(copying, "", soon());
    await pass(other, open("mine"), ...copyText, ...Array.from({ length: 5 }, () => paste).flat());
    const shown = await other.page.call(
      `() => document.querySelector("#came").textContent + document.querySelector("#target").value`,
      "",
      soon(),
    );
    expect(shown).not.toContain("secret");
  });

  test("have permissions, windows and downloads of their own", async () => {
    await pass(
      one,
      { action: "set_permission", permission: "geolocation", state: "granted" },
      open("one"),
      click("state"),
      shows("came", "granted;"),
      click("popup"),
      { action: "switch_window", name: "shop" },
      click("file"),
      { action: "wait_for_download" },
    );
    await pass(other, open("other"), click("state"), shows("came", "prompt;"));
    expect(one.page.windowIds).toHaveLength(2);
    expect(other.page.windowIds).toHaveLength(1);
    expect(one.page.records.downloads).toHaveLength(1);
    expect(other.page.records.downloads).toHaveLength(0);
    // A window of the same name is another one.
    await pass(other, click("popup"));
    await expect.poll(() => other.page.windowIds.length).toBe(2);
    expect(one.page.windowIds).toHaveLength(2);
  });

  test("log in by HTTP each by itself", async () => {
    const url = site.url.replace("//", "//ada:word@");
    await pass(one, { action: "navigate", url: `${url}/private?by=first` }, shows("came", "come in"));
    await pass(one, open("one"), click("private"));
    await pass(other, open("other"), click("private"));
    await expect
      .poll(() => logins)
      .toEqual(expect.arrayContaining(["one with a login", "other without a login"]));
    expect(logins).not.toContain("other with a login");
  });
});
