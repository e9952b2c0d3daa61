import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const EDITOR = `<!doctype html><title>Editor</title><h1 id=place>Editor</h1><input id=note> <a id=leave href="/next">Leave</a>
<script>addEventListener("beforeunload", (event) => { if (note.value) event.preventDefault(); });</script>`;

let site: TinySite;
beforeAll(async () => {
  site = await startTinySite({
    "/": () => EDITOR,
    "/next": () => `<!doctype html><title>Next</title><h1 id=place>Next</h1>`,
    "/start": () => `<!doctype html><title>Start</title><h1 id=place>Start</h1>`,
  });
});
afterAll(() => site.close());

const navigate = (path: string): Command => ({ action: "navigate", url: site.url + path });
const write: Command = { action: "input", ...id("note"), text: "draft" };
const handle = (response: "accept" | "dismiss", more: object = {}): Command => ({
  action: "handle_dialog",
  response,
  ...more,
});
const asked: Command = { action: "verify_dialog", kind: "beforeunload" };
const edited = () => [navigate("/start"), navigate("/"), write];

// geckodriver switches these questions off.
describe.skipIf(isFirefox).each(ROADS)(
  "a page that asks whether to leave it, over %s (not in Firefox),",
  (road) => {
    const { run, pass, fail } = browsing(road, { isShared: true });

    const ways = (): [string, Command, string][] => [
      ["a link", click("leave"), "Next"],
      ["navigate", navigate("/next"), "Next"],
      ["back", { action: "back" }, "Start"],
      ["refresh", { action: "refresh" }, "Editor"],
    ];

    test.each(["a link", "navigate", "back", "refresh"])(
      "is stayed on, or left, as handle_dialog says: %s",
      async (name) => {
        const [, leave, place] = ways().find(([way]) => way === name) ?? ["", write, ""];
        const note = (expected_value: string): Command => ({
          action: "verify_value",
          ...id("note"),
          expected_value,
        });
        await pass(...edited(), leave, asked, handle("dismiss"), shows("place", "Editor"), note("draft"));
        await pass(leave, handle("accept"), shows("place", place));
        if (place === "Editor") await pass(note(""));
      },
    );

    test("is left with an answer that was prepared", async () => {
      await pass(...edited(), handle("accept", { when: "next" }), click("leave"), shows("place", "Next"));
      await pass(
        ...edited(),
        handle("dismiss", { when: "next" }),
        navigate("/next"),
        shows("place", "Editor"),
      );
      await pass(handle("accept", { when: "next" }), navigate("/next"), shows("place", "Next"));
      for (const leave of [{ action: "refresh" }, { action: "back" }, click("leave")] satisfies Command[])
        await pass(...edited(), handle("dismiss", { when: "next" }), leave, shows("place", "Editor"));
    });

    test("fails the command after a link that nobody expected to be asked about", async () => {
      expect(await fail(...edited(), click("leave"), shows("place", "Next"))).toContain(
        'expected text that contains "Next", but the question whether to leave the page is in the way; ' +
          "answer it with handle_dialog.",
      );
      await pass(handle("accept"), shows("place", "Next"));
      expect(await fail(...edited(), click("leave"))).toContain(
        "the question whether to leave the page was open at the end of the step",
      );
      await pass(handle("accept"), shows("place", "Next"));
    });

    test("is left by a command whose purpose that is", async () => {
      const { logs } = await pass(...edited(), navigate("/next"), shows("place", "Next"));
      expect(logs).toEqual([
        {
          level: "warning",
          message: "Nobody answered the question whether to leave the page; the page was left.",
        },
      ]);
      await pass(...edited(), navigate("/next"));
      await pass(shows("place", "Next"));
    });

    test("is left where the server dismisses dialogs", async () => {
      const script = [...edited(), click("leave"), shows("place", "Next")];
      expect((await run(script, { dialogs: "dismiss" })).outcome).toEqual({ verdict: "passed" });
    });

    test("tells why the next page could not be opened", async () => {
      const { outcome } = await run([
        ...edited(),
        { action: "navigate", url: "http://127.0.0.1:1/" },
        handle("accept"),
      ]);
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining("could not be opened") as string,
      });
    });

    test("is a window that closes or stays", async () => {
      const other: Command = { action: "new_window", url: `${site.url}/` };
      const close: Command = { action: "close_window" };
      await pass(navigate("/start"), other, write, close, asked, handle("dismiss"), shows("place", "Editor"));
      await pass(close, handle("accept"), shows("place", "Start"));
      await pass(other, write, close, shows("place", "Start"));
      await pass({ action: "verify_element_present", ...by("tag", "h1") });
    });
  },
);
