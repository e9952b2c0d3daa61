import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, click, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** Each button does its thing at its first click, and nothing at the ones after it. */
const PAGE = `<!doctype html><title>Once</title>
<button id=alert>Alert</button> <button id=late>Late</button> <button id=file>File</button> <button id=files>Files</button>
<button id=window>Window</button> <button id=windows>Windows</button> <button id=nothing>Nothing</button>
<p id=log></p>
<script>
const once = (id, act) => document.getElementById(id).addEventListener("click", () => {
  log.textContent += id + " ";
  act();
}, { once: true });
const save = (name) => Object.assign(document.createElement("a"), { href: "/file?name=" + name, download: name }).click();
once("alert", () => alert("Saved"));
once("late", () => setTimeout(() => alert("Late"), 300));
once("file", () => save("one.csv"));
once("files", () => { save("a.csv"); setTimeout(() => save("b.csv"), 200); });
once("window", () => open("/window?name=Help"));
once("windows", () => { open("/window?name=First"); open("/window?name=Second"); });
</script>`;

let site: TinySite;
beforeAll(async () => {
  site = await startTinySite({
    "/": () => PAGE,
    "/window": (query) =>
      `<!doctype html><title>${query.get("name") ?? ""}</title><button id=nothing>Nothing</button>`,
    "/file": (query, response) => {
      const disposition = `attachment; filename="${query.get("name") ?? ""}"`;
      response.writeHead(200, { "content-type": "text/csv", "content-disposition": disposition }).end("a,b");
      return undefined;
    },
  });
});
afterAll(() => site.close());

const verifyDialog = (more: object = {}): Command => ({ action: "verify_dialog", timeout: 0.3, ...more });
const waitForDownload = (more: object = {}): Command => ({ action: "wait_for_download", ...more });
const verifyDownload = (more: object = {}): Command => ({ action: "verify_download", ...more });
const accept: Command = { action: "handle_dialog", response: "accept" };
const last = (more: object = {}): Command => ({ action: "switch_window", last: true, ...more });
const titled = (expected_title: string): Command => ({ action: "verify_title", expected_title });
const soon = { timeout: 0.3 };

describe.each(ROADS)("a check counts what has come since the last command that acts, over %s,", (road) => {
  const browser = browsing(road);
  const { pass, fail } = browser;
  const session = () => browser.session;
  const open = (): Command => ({ action: "navigate", url: site.url });

  test("such as a dialog", async () => {
    await pass(
      open(),
      click("alert"),
      accept,
      shows("log", "alert"),
      verifyDialog({ expected_message: "Saved" }),
    );
    // Looking at it again in the next step of a case counts as well.
    await pass(verifyDialog({ kind: "alert" }), verifyDialog({ expected_message: "Failed", not: true }));
    expect(await fail(click("nothing"), verifyDialog({ expected_message: "Saved" }))).toBe(
      'Command 2 (verify_dialog): expected a dialog whose message contains "Saved" within 0.3 s, ' +
        "but no dialog has opened since the last command that acts (click); " +
        'the alert "Saved" came before it, and counts only with "since": "run".',
    );
    await pass(verifyDialog({ not: true }), verifyDialog({ expected_message: "Saved", since: "run" }));
  });

  test("such as a dialog that opens late", async () => {
    await pass(open(), click("late"), verifyDialog({ expected_message: "Late", timeout: 5 }), accept);
  });

  test("such as a download", async () => {
    await pass(open(), click("file"), waitForDownload(), verifyDownload({ expected_file_name: "one.csv" }));
    expect(await fail(click("nothing"), verifyDownload(soon))).toContain(
      "but nothing was downloaded since the last command that acts (click); " +
        '"one.csv" came before it, and counts only with "since": "run".',
    );
    expect(await fail(waitForDownload(soon))).toContain("but nothing was downloaded since");
    await pass(verifyDownload({ not: true, ...soon }), verifyDownload({ since: "run" }));
  });

  test("such as several downloads, each waited for once", async () => {
    await pass(open(), click("files"), waitForDownload(), waitForDownload());
    expect(await fail(waitForDownload(soon))).toContain("but there is only");
    await pass(
      verifyDownload({ expected_file_name: "a.csv" }),
      verifyDownload({ expected_file_name: "b.csv" }),
    );
  });

  test("such as a window", async () => {
    await pass(open(), click("window"), last(), titled("Help"), { action: "switch_window", index: 0 });
    const message = await fail(click("nothing"), last(soon));
    expect(message).toContain(
      "expected the window that was opened last within 0.3 s, but no other window has opened since the last command " +
        'that acts (click); "Help" at ',
    );
    expect(message).toContain('came before it, and counts only with "since": "run".');
    await pass(last({ since: "run" }), titled("Help"));
  });

  test("such as several windows, the newest first and each once", async () => {
    await pass(open(), click("windows"));
    await expect
      .poll(async () => (await pass({ action: "switch_window", title: "Second" })).outcome.verdict)
      .toBe("passed");
    await pass({ action: "switch_window", index: 0 }, last());
    const [, first, second] = session().page.windowIds;
    // A driver does not tell in which order windows have opened that it sees at the same time.
    const newest = road === "cdp" ? second : session().page.windowId;
    expect(session().page.windowId).toBe(newest);
    await pass(last());
    expect(session().page.windowId).toBe(newest === second ? first : second);
    expect(await fail(last(soon))).toContain("no other window has opened since");
  });
});
