import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

const press = (keys: string): Command => ({ action: "press_key", keys });
const type = (field: string, text: string, more: object = {}): Command => ({
  action: "input",
  ...id(field),
  text,
  ...more,
});

describe.each(ROADS)("typing as people do over %s", (road) => {
  const b = browsing(road, { isShared: true });
  const { open, pass, run } = b;

  test.each([
    ["one digit each", "digit-1", "4821", "digits-are", "4-8-2-1"],
    ["one digit each that only their width tells", "narrow-1", "4821", "narrow-are", "4-8-2-1"],
    ["a part of a number each", "group-1", "48210937", "groups-are", "48-21-09-37"],
  ])("no key is lost in fields for %s", async (_, field, text, told, parts) => {
    await pass(open("/code-fields"), type(field, text), shows(told, parts));
  });

  test("a digit for one such field stays in it", async () => {
    await pass(open("/code-fields"), type("digit-2", "7"), shows("digits-are", "-7--"));
  });

  test("keys come with the command's delay between them, or the server's", async () => {
    const search = [
      type("search", "coffee", { delay: 40 }),
      press("Enter"),
      shows("says", "Looked for coffee"),
    ];
    await pass(open("/scanner"), ...search);
    const plain = [
      open("/scanner"),
      type("search", "tea and"),
      press("Enter"),
      shows("says", "Looked for tea and"),
    ];
    expect((await run(plain, { keyDelayMs: 40 })).outcome).toEqual({ verdict: "passed" });
  });

  test("type_text types where the focus is, beside what is there", async () => {
    await pass(
      open("/browser-keys?first"),
      type("field", "Hello "),
      { action: "type_text", text: "World", delay: 20 },
      { action: "verify_value", ...id("field"), expected_value: "Hello World" },
    );
  });

  test.each(["F5", "Control+R", "Control+Shift+R", "Shift+F5"])("%s reloads the page", async (keys) => {
    await pass(
      open("/browser-keys?first"),
      shows("loads", "Loaded 1"),
      press(keys),
      shows("loads", "Loaded 2"),
      { action: "press_key", ...id("field"), keys },
      shows("loads", "Loaded 3"),
    );
  });

  test("Alt and an arrow go back and forward", async () => {
    const at = (path: string): Command => ({
      action: "verify_url",
      expected_url: b.site.url + path,
      match: "equals",
    });
    await pass(
      open("/browser-keys?first"),
      open("/scanner"),
      press("Alt+ArrowLeft"),
      at("/browser-keys"),
      press("Alt+ArrowRight"),
      at("/scanner"),
      press("Alt+ArrowRight"),
      at("/scanner"),
    );
  });

  test("a page keeps the browser's keys for itself", async () => {
    await pass(
      open("/browser-keys?first"),
      click("keep"),
      press("F5"),
      shows("kept", "Kept F5"),
      press("Control+r"),
      shows("kept", "Kept r"),
      shows("loads", "Loaded 1"),
    );
  });

  test.skipIf(road === "firefox")(
    "keys zoom the page as a person sees it, in every window until the end (skipped in Firefox, whose driver has no means)",
    async () => {
      const sees = (viewport: string) => shows("seen", viewport);
      const { logs } = await pass(
        open("/zoom"),
        press("Control+Plus"),
        sees("1164 x 655 at 110 %"),
        click("press"),
        shows("press", "1"),
        press("Control+="),
        press("Control+Plus"),
        sees("853 x 480 at 150 %"),
        { action: "verify_hidden", ...id("wide") },
        click("press"),
        shows("press", "2"),
        { action: "switch_frame", ...by("title", "Part") },
        click("press"),
        shows("press", "1"),
        { action: "new_window", url: `${b.site.url}/zoom` },
        sees("853 x 480 at 150 %"),
        { action: "set_window_size", width: 600, height: 400 },
        sees("400 x 267 at 150 %"),
        press("Control+Minus"),
        sees("480 x 320 at 125 %"),
      );
      expect(logs.at(-1)?.message).toBe("The pages are zoomed to 125 %.");
      const picture = await b.session.page.pictures.lossless("viewport", AbortSignal.timeout(10_000));
      expect(PNG.sync.read(Buffer.from(picture))).toMatchObject({ width: 600, height: 400 });
      await pass(
        { action: "close_window" },
        sees("1024 x 576 at 125 %"),
        press("Control+0"),
        sees("1280 x 720 at 100 %"),
      );
    },
  );

  test("keys of the browser that do nothing in a test say so", async () => {
    const { logs } = await pass(open("/browser-keys?first"), press("Control+T"), shows("loads", "Loaded 1"));
    expect(logs.map(({ message }) => message)).toContain(
      "Control+T belongs to the browser and does nothing in a test: the page did not keep it.",
    );
    await pass(open("/browser-keys?first"), press("Control+A"), {
      action: "verify_element_present",
      ...by("id", "field"),
    });
  });
});
