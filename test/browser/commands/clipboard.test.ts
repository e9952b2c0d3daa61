import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** A page with a text of its own that is copied in every way there is, and with places to paste. */
const PAGE = `<!doctype html><html lang="en"><title>Clipboard</title>
<input id="text"> <input id="target"> <input id="asking"> <textarea id="lines"></textarea>
<p id="rich">Some <b>bold</b> words</p> <div id="editor" contenteditable style="min-height: 1em"></div>
<button id="command">Copy by a command</button> <button id="call">Copy by a call</button>
<button id="own">Copy something else</button> <button id="read">Read</button> <button id="items">Read all</button>
<button id="select">Select words</button> <a id="popup" href="/?text=popup" target="_blank">Open</a>
<p id="came"></p>
<script>
  text.value = new URLSearchParams(location.search).get("text");
  const tell = (what) => { came.textContent += what + "; "; };
  command.onclick = () => { text.select(); document.execCommand("copy"); };
  call.onclick = () => navigator.clipboard.writeText(text.value + " by a call").then(() => tell("copied"), tell);
  own.onclick = () => {
    rich.addEventListener("copy", (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", text.value + " instead");
      event.clipboardData.setData("application/x-cells", "cells of " + text.value);
    }, { once: true });
    getSelection().selectAllChildren(rich);
    document.execCommand("copy");
  };
  select.onclick = () => getSelection().selectAllChildren(rich);
  read.onclick = () => navigator.clipboard.readText().then((text) => tell("read " + text), ({ name }) => tell(name));
  items.onclick = async () => {
    for (const item of await navigator.clipboard.read())
      for (const type of item.types) tell(type + " " + await (await item.getType(type)).text());
  };
  asking.onpaste = (event) => {
    if (!confirm("Paste " + event.clipboardData.getData("text/plain") + "?")) event.preventDefault();
  };
  addEventListener("paste", ({ clipboardData, isTrusted }) => {
    tell("pasted " + isTrusted + " " + clipboardData.types.filter((type) => type.includes("x-")).map((type) => clipboardData.getData(type)));
  });
</script>`;

const key = (keys: string): Command => ({ action: "press_key", keys });
const value = (element: string, expected_value: string): Command => ({
  action: "verify_value",
  ...id(element),
  expected_value,
});
const copyText = [click("text"), key("Control+A"), key("Control+C")];
const paste = [click("target"), key("Control+V")];

let site: TinySite;
beforeAll(async () => {
  site = await startTinySite({ "/": () => PAGE });
});
afterAll(async () => {
  await site.close();
});
const open = (text: string): Command => ({ action: "navigate", url: `${site.url}/?text=${text}` });

describe.each(ROADS.filter((road) => road !== "firefox"))("copy and paste over %s", (road) => {
  const { pass } = browsing(road);

  test("a text that is copied by keys is pasted by keys, with its line breaks", async () => {
    await pass(
      open("one"),
      ...copyText,
      ...paste,
      key("Control+V"),
      value("target", "oneone"),
      { action: "input", ...id("lines"), text: "a\nb" },
      key("Control+A"),
      key("Control+X"),
      value("lines", ""),
      key("Control+V"),
      value("lines", "a\nb"),
    );
  });

  test("a text that the page copies by a command or a call is pasted", async () => {
    await pass(
      open("one"),
      click("command"),
      ...paste,
      value("target", "one"),
      click("call"),
      shows("came", "copied"),
      click("lines"),
      key("Control+V"),
      value("lines", "one by a call"),
    );
  });

  test("words keep their form, and a page's own kind of data comes along", async () => {
    await pass(
      open("one"),
      click("select"),
      key("Control+C"),
      click("editor"),
      key("Control+V"),
      { action: "verify_text", ...by("css", "#editor b"), expected_text: "bold" },
      click("own"),
      ...paste,
      value("target", "one instead"),
      shows("came", "pasted true cells of one"),
    );
  });

  test("a text that one window has copied is pasted in another", async () => {
    await pass(
      open("one"),
      ...copyText,
      click("popup"),
      { action: "switch_window", last: true },
      ...paste,
      value("target", "one"),
    );
  });

  test("a page that may read the clipboard finds what was copied", async () => {
    await pass(
      { action: "set_permission", permission: "clipboard-read", state: "granted" },
      open("one"),
      ...copyText,
      click("read"),
      shows("came", "read one;"),
      click("items"),
      shows("came", "text/plain one;"),
    );
  });
});

describe("the clipboard of a run", () => {
  const { pass, fail, run } = browsing("cdp");

  test("holds what a command puts there, and gives what the page has copied", async () => {
    await pass(
      open("one"),
      { action: "verify_clipboard", expected_text: "" },
      { action: "set_clipboard", text: "Ada\t1815\nGrace\t1906" },
      click("lines"),
      key("Control+V"),
      value("lines", "Ada\t1815\nGrace\t1906"),
      click("call"),
      { action: "verify_clipboard", expected_text: "one by", match: "contains" },
      { action: "store_clipboard", variable: "copied" },
      { action: "verify_variable", variable: "copied", expected_value: "one by a call" },
    );
  });

  test("tells what is in it when that is something else", async () => {
    const message = await fail(open("one"), ...copyText, {
      action: "verify_clipboard",
      expected_text: "two",
      timeout: 0.1,
    });
    expect(message).toContain('that the clipboard\'s text is "two"');
    expect(message).toContain('it is "one"');
  });

  test("is pasted by a page that asks at the paste", async () => {
    await pass(
      open("one"),
      ...copyText,
      click("asking"),
      key("Control+V"),
      { action: "handle_dialog", response: "accept", expected_message: "Paste one?" },
      value("asking", "one"),
      key("Control+V"),
      { action: "handle_dialog", response: "dismiss" },
      value("asking", "one"),
    );
  });

  test("takes no secret that is bound to hosts, because any page can paste it", async () => {
    const secret = { env: {}, secrets: { BOUND: "s3cret-word" }, secretHosts: { BOUND: ["127.0.0.1"] } };
    const { outcome } = await run([open("one"), { action: "set_clipboard", text: "${secret.BOUND}" }], {
      variables: new RunVariables(secret),
    });
    expect(outcome).toMatchObject({ verdict: "error", command: 2 });
    expect("message" in outcome && outcome.message).toContain("any page can paste it from the clipboard");
  });
});

describe.runIf(ROADS.includes("classic"))("the clipboard over classic", () => {
  const { run } = browsing("classic");

  test("is out of reach for commands, which say so with the remedy", async () => {
    const { outcome } = await run([open("one"), { action: "verify_clipboard", expected_text: "one" }]);
    expect(outcome).toMatchObject({ verdict: "error", command: 2 });
    expect("message" in outcome && outcome.message).toContain("set BROWSER_PROTOCOL to cdp");
  });
});
