import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

describe.each(ROADS)("form commands over %s", (road) => {
  const { open, run, pass, fail } = browsing(road, { isShared: true });
  const controls = open.bind(undefined, "/commands/controls");
  const value = (element: string, expected_value: string): Command => ({
    action: "verify_value",
    ...id(element),
    expected_value,
  });
  const checked = (element: string, not = false): Command => ({
    action: "verify_checked",
    ...id(element),
    not,
  });

  describe("input and clear", () => {
    test("replace and empty what a field holds", async () => {
      await pass(
        controls(),
        { action: "input", ...id("name"), text: "New" },
        value("name", "New"),
        { action: "clear", ...id("name") },
        value("name", ""),
        { action: "clear", ...id("name") },
        value("name", ""),
      );
    });

    test.each([{ action: "input", text: "x" } as const, { action: "clear" } as const])(
      "$action does not pass where nothing can be typed",
      async (command) => {
        expect(await fail(controls(), { ...command, ...id("locked"), timeout: 0.2 })).toContain(
          "is read-only",
        );
        expect(await fail({ ...command, ...id("box"), timeout: 0.2 })).toContain("takes no text");
      },
    );

    test.each([
      ["", "/frames/losing"],
      [" of a page that keeps its events to itself", "/frames/losing?silent"],
    ])("what the browser takes the focus from, in a frame%s, gets its keys all the same", async (_, path) => {
      const inside = (frame: string): Command[] => [open(path), { action: "switch_frame", ...id(frame) }];
      const foreign = inside("foreign");
      await pass(...foreign, { action: "input", ...id("before"), text: "hello" }, value("before", "hello"));
      const inFrame = inside("frame");
      await pass(...inFrame, { action: "input", ...id("before"), text: "hello" }, value("before", "hello"));
      await pass(...inFrame, { action: "input", ...id("third"), text: "hello" }, value("third", "hello"));
      await pass(...inFrame, { action: "clear", ...id("before") }, value("before", ""));
      await pass(
        ...inFrame,
        { action: "edit_content", ...id("region"), text: "New" },
        shows("region", "New"),
      );
      await pass(...inFrame, { action: "press_key", ...id("before"), keys: "End" });
      await pass({ action: "press_key", keys: "Backspace" }, value("before", "ol"));
    });

    test.each(["frame", "foreign"])(
      "keys find what lost the focus after a click, in the %s",
      async (frame) => {
        await pass(open("/frames/losing"), { action: "switch_frame", ...id(frame) }, click("before"));
        for (const keys of ["Control+A", "n", "e", "w"]) await pass({ action: "press_key", keys });
        await pass(value("before", "new"));
      },
    );

    test("keys go where a page has sent the focus, out of a frame", async () => {
      await pass(
        open("/frames/losing"),
        { action: "switch_frame", ...id("frame") },
        click("leaving"),
        ...["a", "b", "c", "d"].map((keys) => ({ action: "press_key", keys }) as const),
        value("leaving", "abc"),
        { action: "switch_frame", top: true },
        value("outer", "d"),
      );
    });

    test("what a page sends elsewhere, out of a frame, is not typed again", async () => {
      await pass(
        open("/frames/losing"),
        { action: "switch_frame", ...id("frame") },
        { action: "input", ...id("leaving"), text: "hello" },
        value("leaving", "hel"),
        { action: "switch_frame", top: true },
        value("outer", "lo"),
      );
    });

    test("a secret is typed and appears in no message", async () => {
      const { RunVariables } = await import("../../../src/runner/variables.js");
      const variables = new RunVariables({ env: {}, secrets: { PASSWORD: "correct horse" } });
      const commands: Command[] = [
        controls(),
        { action: "input", ...id("name"), text: "${secret.PASSWORD}" },
        { action: "verify_value", ...id("name"), expected_value: "correct horse" },
        { action: "verify_value", ...id("name"), expected_value: "battery", timeout: 0.1 },
      ];
      const { outcome, messages, logs } = await run(commands, { variables });
      expect(outcome).toMatchObject({
        verdict: "failed",
        message: expect.stringContaining('"***"') as string,
      });
      expect(JSON.stringify([outcome, messages, logs])).not.toContain("correct horse");
    });
  });

  test("edit_content replaces an editable region with real key strokes, and nothing else", async () => {
    await pass(
      controls(),
      { action: "edit_content", ...id("region"), text: "New content" },
      { action: "verify_text", ...id("region"), expected_text: "New content", match: "equals" },
      { action: "edit_content", ...id("region"), text: "" },
      { action: "verify_text", ...id("region"), expected_text: "\\S", match: "regex", not: true },
    );
    const edit = (element: string): Command => ({
      action: "edit_content",
      ...id(element),
      text: "x",
      timeout: 0.2,
    });
    expect(await fail(edit("name"))).toContain("it is a form field; use the command input");
    expect(await fail(edit("plain"))).toContain("takes no text");
  });

  describe("press_key", () => {
    test("presses keys in an element, and in what has the focus", async () => {
      await pass(
        open("/commands/keys"),
        { action: "press_key", ...id("first"), keys: "End" },
        { action: "press_key", keys: "Backspace" },
        value("first", "one tw"),
        { action: "press_key", keys: "Tab" },
        { action: "press_key", keys: "x" },
        value("second", "x"),
        { action: "press_key", keys: "Shift+y" },
        { action: "press_key", keys: "Space" },
        { action: "press_key", keys: "Plus" },
        value("second", "xY +"),
        shows("events", "Tab first true"),
      );
    });

    test("presses chords, as the page sees them and as the browser does", async () => {
      await pass(
        open("/commands/keys"),
        { action: "press_key", ...id("first"), keys: "Control+S" },
        shows("saved", "saved"),
        shows("events", "s ctrlKey first true"),
        { action: "press_key", keys: "Control+Shift+K" },
        shows("events", "K ctrlKey+shiftKey first true"),
        { action: "press_key", keys: "Control+A" },
        { action: "press_key", keys: "Delete" },
        value("first", ""),
        { action: "press_key", keys: "Alt+F2" },
        shows("events", "F2 altKey first true"),
        { action: "press_key", keys: "a" },
        shows("events", "a first true"),
      );
    });

    test("what is no key is an error with those that are", async () => {
      const { outcome } = await run([open("/commands/keys"), { action: "press_key", keys: "Entre" }]);
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining(
          "'Entre' is no key; a key is a single character, Space, Plus or one of",
        ) as string,
      });
      expect(await fail({ action: "press_key", ...id("no"), keys: "Enter", timeout: 0.2 })).toContain(
        "no such element",
      );
    });
  });

  describe("select", () => {
    const select = (element: string, more: object): Command => ({
      action: "select",
      ...id(element),
      ...more,
    });
    const selected = (element: string, more: object): Command => ({
      action: "verify_selected",
      ...id(element),
      ...more,
    });

    test("chooses by label, value and index, one or several, and exactly these", async () => {
      await pass(
        controls(),
        select("size", { label: "Small" }),
        value("size", "s"),
        select("size", { value: "m" }),
        selected("size", { label: "Medium" }),
        select("size", { index: 0 }),
        value("size", ""),
        select("sizes", { label: ["Small", "Large"] }),
        selected("sizes", { value: ["l", "s"] }),
        select("sizes", { index: [1] }),
        selected("sizes", { label: "Medium" }),
        shows("events", "change sizes"),
      );
    });

    test.each([
      ["size", { label: "Huge" }, "Huge"],
      ["sizes", { value: "xl" }, "disabled"],
      ["size", { index: 9 }, "9"],
    ])("%s with %j does not pass", async (element, more, reason) => {
      expect(await fail(controls(), select(element, { ...more, timeout: 0.3 }))).toContain(reason);
    });

    test("is an error on what is no list", async () => {
      const { outcome } = await run([controls(), select("name", { label: "x" })]);
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining('<input id="name"') as string,
      });
    });
  });

  describe("check and uncheck", () => {
    const check = (element: string): Command => ({ action: "check", ...id(element) });
    const uncheck = (element: string): Command => ({ action: "uncheck", ...id(element) });

    test("tick and untick with a real click, once", async () => {
      await pass(
        controls(),
        check("box"),
        checked("box"),
        shows("events", "click box trusted=true"),
        { action: "store_text", ...id("events"), variable: "before" },
        check("box"),
        { action: "verify_text", ...id("events"), expected_text: "${before}", match: "equals" },
        uncheck("box"),
        checked("box", true),
        uncheck("box"),
        uncheck("ticked"),
        checked("ticked", true),
      );
    });

    test("work on a hidden box in a label, on radio buttons, on switches and on what is enabled late", async () => {
      await pass(
        controls(),
        check("fancy-box"),
        checked("fancy-box"),
        uncheck("fancy-box"),
        checked("fancy-box", true),
        check("fancy"),
        checked("fancy-box"),
        check("red"),
        checked("red"),
        checked("blue", true),
        check("switch"),
        checked("switch"),
        uncheck("switch"),
        checked("switch", true),
        check("late-box"),
        checked("late-box"),
      );
    });

    test("do not pass where the click changes nothing", async () => {
      expect(await fail(controls(), { ...check("stubborn"), timeout: 0.4 } as Command)).toContain(
        "0.4 s, but ",
      );
      expect(await fail({ ...uncheck("nowhere"), timeout: 0.2 } as Command)).toContain(
        "there is no such element",
      );
    });

    test("are an error on what cannot be ticked", async () => {
      const { outcome } = await run([controls(), check("plain")]);
      expect(outcome.verdict).toBe("error");
    });
  });

  describe("upload_file", () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "stepwire-uploads-"));
      await mkdir(path.join(folder, "inner"));
      await writeFile(path.join(folder, "a.txt"), "first");
      await writeFile(path.join(folder, "inner", "b.txt"), "second");
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const upload = (element: string, file: string | string[]): Command => ({
      action: "upload_file",
      ...id(element),
      file,
    });

    test("gives one file or several, also to a hidden field", async () => {
      const commands = [
        controls(),
        upload("file", "a.txt"),
        { action: "verify_text", ...id("uploads"), expected_text: "a.txt=first", match: "equals" },
        upload("files", ["a.txt", "inner/b.txt"]),
        shows("uploads", "a.txt=first b.txt=second"),
        shows("events", "change files trusted=true"),
      ] satisfies Command[];
      const { outcome } = await run(commands, { uploadsDir: folder });
      expect(outcome).toEqual({ verdict: "passed" });
    });

    test("refuses what is not in the folder", async () => {
      for (const name of ["../secret", "/etc/passwd", "missing.txt"]) {
        const { outcome } = await run([controls(), upload("file", name)], { uploadsDir: folder });
        expect(outcome).toMatchObject({
          verdict: "error",
          message: expect.stringContaining("UPLOADS_DIR") as string,
        });
      }
    });

    test("is refused by what takes no files", async () => {
      const commands = [controls(), { ...upload("name", "a.txt"), timeout: 0.2 } as Command];
      const { outcome } = await run(commands, { uploadsDir: folder });
      expect(outcome).toMatchObject({
        verdict: "failed",
        message: expect.stringContaining("but it takes no files.") as string,
      });
      await pass(value("name", "Old"));
    });
  });

  test("focus and blur move the focus", async () => {
    await pass(
      controls(),
      { action: "focus", ...id("name") },
      shows("events", "focusin name"),
      { action: "press_key", keys: "End" },
      { action: "press_key", keys: "!" },
      value("name", "Old!"),
      { action: "blur", ...id("name") },
      shows("events", "focusout name"),
      shows("events", "change name"),
    );
    expect(await fail({ action: "focus", ...id("plain"), timeout: 0.2 })).toContain(
      "does not take the focus",
    );
    expect(await fail({ action: "blur", ...id("nowhere"), timeout: 0.2 })).toContain(
      "there is no such element",
    );
  });

  describe("submit", () => {
    const submit = (element: string): Command => ({ action: "submit", ...id(element), timeout: 0.3 });

    test("sends the form with its button, from any element in it", async () => {
      await pass(
        open("/commands/submit"),
        { action: "input", ...id("query"), text: "rain" },
        submit("query"),
        shows("sent", "q=rain&with=button"),
      );
    });

    test("does not pass while the form is not filled in, and is an error outside a form", async () => {
      expect(await fail(open("/commands/submit"), submit("go"))).toContain(
        "is not filled in as the form needs it",
      );
      const { outcome } = await run([submit("outside")]);
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining("is in no form") as string,
      });
    });
  });

  test("a click on a label of its box ticks it too", async () => {
    await pass(controls(), click("fancy"), checked("fancy-box"));
  });
});
