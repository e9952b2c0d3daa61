import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BrowserSession } from "../../../src/execution/ports.js";
import {
  isDocumentReplaced,
  PageError,
  type Page,
  type Point,
  type PointerAction,
} from "../../../src/runner/ports.js";
import { startSite, type Site } from "../../site/server.js";
import { processesWith, profileFolders } from "../../support/processes.js";
import { isFirefox, PICTURE_BEGINS, ROADS, realPool, type RealPool } from "../../support/real-browser.js";
import { closeAllButFirst } from "../../support/windows.js";

const soon = () => AbortSignal.timeout(15_000);
const failure = (kind: PageError["kind"]): unknown => expect.objectContaining({ name: "PageError", kind });

/** The value of an expression in the current frame, as text. */
const read = (page: Page, expression: string) => page.call(`() => String(${expression})`, "", soon());
/** As {@link read}, and as the runner does again where the document was replaced before it had answered. */
async function readAgain(page: Page, expression: string): Promise<string> {
  for (;;) {
    try {
      return await read(page, expression);
    } catch (error) {
      if (!isDocumentReplaced(error)) throw error;
    }
  }
}
/** Expects what was given a signal to end with that. */
const expectAborted = (promise: Promise<unknown>) =>
  expect(promise).rejects.toThrow("aborted due to timeout");
const idsOf = async (page: Page) => (await page.windows(soon())).map(({ id }) => id);

/** The middle of an element in its frame's viewport. */
async function middleOf(page: Page, selector: string): Promise<Point> {
  const ask = `(selector) => { const box = document.querySelector(selector).getBoundingClientRect();
    return JSON.stringify({ x: box.x + box.width / 2, y: box.y + box.height / 2 }); }`;
  return JSON.parse(await page.call(ask, selector, soon())) as Point;
}

async function click(page: Page, selector: string, signal = soon()): Promise<void> {
  const to = await middleOf(page, selector);
  const button = "left";
  await page.pointer(
    [
      { type: "move", to },
      { type: "down", button },
      { type: "up", button },
    ],
    signal,
  );
}

const element = (page: Page, selector: string) =>
  page.element(`() => document.querySelector(${JSON.stringify(selector)})`, soon());

/** Writes events down where {@link events} reads them. */
const record = (page: Page, selector: string, types: string, text: string) =>
  page.call(
    `(types) => { globalThis.recorded = [];
      for (const type of types.split(" ")) document.querySelector(${JSON.stringify(selector)})
        .addEventListener(type, (event) => { globalThis.recorded.push(type + ":" + ${text}); }, true);
      return ""; }`,
    types,
    soon(),
  );
const events = async (page: Page) => (await read(page, `globalThis.recorded.join(" ")`)).split(" ");

/** Tests that leave nothing behind but a page. */
const SHARING = new Set([
  "navigation",
  "that input has begun is waited for",
  "frames",
  "windows",
  "pointer",
  "keys",
  "dialogs",
  "evidence",
]);

describe.each(ROADS)("the page's port over %s", (road) => {
  let site: Site;
  let real: RealPool;
  let session: BrowserSession;
  let page: Page;
  /** A test goes on in the session of the one before it where neither has left anything behind but a page. */
  let isKept = false;
  const open = (path: string) => page.navigate(site.url + path, soon());

  beforeAll(async () => {
    site = await startSite();
    real = realPool({ size: 1, road });
    await real.pool.warm();
  });
  afterAll(async () => {
    await real.pool.close();
    await site.close();
  });
  beforeEach(async () => {
    if (!isKept) session = await real.pool.acquire(AbortSignal.timeout(30_000));
    page = session.page;
  });
  afterEach(async ({ task }) => {
    isKept = SHARING.has(task.suite?.name ?? "") && task.result?.state !== "fail";
    if (!isKept) await session.close();
    else if (page.windowIds.length > 1) await closeAllButFirst(page);
  });

  describe("navigation", () => {
    test("resolves when the document is interactive, whatever it still loads", async () => {
      await open("/slow-image?delay=60000");
      expect(await read(page, `document.querySelector("#picture").complete`)).toBe("false");
      expect(await page.title(soon())).toBe("Slow image");
      expect(await page.url(soon())).toBe(`${site.url}/slow-image?delay=60000`);
    });

    test("a server that is not there and redirects without an end are errors, and the page goes on", async () => {
      await expect(page.navigate("http://127.0.0.1:1/", soon())).rejects.toEqual(failure("navigation"));
      await expect(open("/redirect-loop")).rejects.toThrow(
        isFirefox ? "redirectLoop" : "ERR_TOO_MANY_REDIRECTS",
      );
      await expect(page.navigate("http://stepwire.invalid/", soon())).rejects.toEqual(failure("navigation"));
      await open("/text");
      expect(await page.title(soon())).toBe("Text");
    });

    test("a document that is slow to come is waited for until the signal, and can be left", async () => {
      await expectAborted(page.navigate(`${site.url}/slow?delay=60000`, AbortSignal.timeout(300)));
      await open("/text");
      expect(await page.title(soon())).toBe("Text");
    });

    describe("that input has begun is waited for", () => {
      const readings: Record<string, () => Promise<string>> = {
        call: () => readAgain(page, "document.title"),
        title: () => page.title(soon()),
        url: async () => ((await page.url(soon())).includes("/target") ? "New page" : "Old page"),
      };
      const ways: Record<string, () => Promise<unknown>> = {
        "a link": () => click(page, "#link"),
        "a script": () => click(page, "#script"),
        "a form": () => click(page, "#send"),
        "the Enter key": async () => {
          await click(page, "#field");
          await page.press(["Enter"], soon());
        },
        "a line break": async () => {
          await click(page, "#field");
          await page.type("text\n", soon());
        },
        "the last key of a code": async () => {
          await click(page, "#code");
          await page.type("1234", soon());
        },
        "a chosen file": async () =>
          page.setFiles(await element(page, "#file"), [import.meta.filename], soon()),
        "an answered dialog": async () => {
          await click(page, "#confirmed");
          await page.answerDialog({ accept: true }, soon());
        },
      };
      test.each(Object.keys(ways))("by %s", async (way) => {
        for (const [reading, readIt] of Object.entries(readings)) {
          await open("/ways-to-leave");
          await ways[way]?.();
          expect(`${reading}: ${await readIt()}`).toBe(`${reading}: New page`);
        }
      });
    });

    test("a call in a document that is replaced says so", async () => {
      await open("/text");
      const before = page.documents;
      const call = page.call("() => new Promise(() => {})", "", soon());
      const failed = expect(call).rejects.toEqual(failure("document-replaced"));
      await open("/form");
      await failed;
      await read(page, "1");
      expect(page.documents).not.toBe(before);
    });

    test("a document without an end is waited for until the signal", async () => {
      await expectAborted(page.navigate(`${site.url}/endless-page`, AbortSignal.timeout(300)));
      await expectAborted(page.call("() => 1", "", AbortSignal.timeout(100)));
    });

    test("history goes back and forward as far as there is some, also within a document", async () => {
      await open("/text");
      await open("/form");
      await page.call("() => { history.pushState(null, '', '#more'); return ''; }", "", soon());
      expect(await page.url(soon())).toBe(`${site.url}/form#more`);
      expect(await page.traverseHistory(-1, soon())).toBe(true);
      expect(await page.url(soon())).toBe(`${site.url}/form`);
      expect(await page.traverseHistory(-1, soon())).toBe(true);
      expect(await read(page, "document.title")).toBe("Text");
      expect(await page.traverseHistory(1, soon())).toBe(true);
      expect(await page.traverseHistory(1, soon())).toBe(true);
      expect(await page.url(soon())).toBe(`${site.url}/form#more`);
      expect(await page.traverseHistory(1, soon())).toBe(false);
    });

    test("reloading asks the server again", async () => {
      await open("/text");
      const asked = () => site.requests.filter((request) => request === "GET /text").length;
      const before = asked();
      await page.reload(soon());
      expect(await page.title(soon())).toBe("Text");
      expect(asked()).toBe(before + 1);
    });

    test.skipIf(road === "firefox")(
      "the world of a call shares the document with the application, and no variables (skipped in Firefox, whose driver has no world of its own)",
      async () => {
        await open("/text");
        await page.call("() => { globalThis.own = 'own'; return ''; }", "", soon());
        const inPage = `() => { const script = document.createElement("script");
        script.textContent = "globalThis.theirs = 'theirs'; document.body.dataset.seen = typeof own;";
        document.body.append(script); return [document.body.dataset.seen, typeof theirs, own].join(" "); }`;
        expect(await page.call(inPage, "", soon())).toBe("undefined undefined own");
      },
    );

    test("a function that throws is an error with its message", async () => {
      await open("/text");
      const call = page.call("() => { throw new Error('broken here'); }", "", soon());
      await expect(call).rejects.toEqual(failure("protocol"));
      await expect(page.call("() => { throw new Error('broken here'); }", "", soon())).rejects.toThrow(
        "broken here",
      );
    });
  });

  test.each(["/worker", "/frames/worker"])("workers run, their own workers too: %s", async (path) => {
    await open(path);
    if (path === "/frames/worker") {
      const frame = await page.element("() => document.querySelector('iframe')", soon());
      await page.enterFrame(frame, soon());
    }
    await expect
      .poll(() => read(page, "document.querySelector('#answers')?.textContent"))
      .toBe("own inner shared");
  });

  describe("frames", () => {
    beforeEach(async () => {
      await open("/frames");
      // Until a frame of another process has begun, Chromium may take the focus from one that has it.
      await expect.poll(() => read(page, "document.readyState")).toBe("complete");
    });
    const enter = async (selector: string) => page.enterFrame(await element(page, selector), soon());
    const pressed = () => read(page, `document.querySelector("#pressed").textContent`);
    /** Until a frame of another process has been drawn, the browser gives what is pressed there to the one around it. */
    const press = () =>
      expect
        .poll(async () => {
          await click(page, "#press");
          return pressed();
        })
        .toBe("1");

    test.each(["same", "other"])("calls, clicks and keys reach into a frame of the %s site", async (name) => {
      await enter(`#${name}`);
      expect(await read(page, "document.title")).toBe(`Frame ${name}`);
      await press();
      await click(page, "#field");
      await page.type("hello", soon());
      expect(await read(page, `document.querySelector("#field").value`)).toBe("hello");
      expect(await page.source(soon())).toContain("Press");
      expect(await page.title(soon())).toBe("Frames");
      expect(await page.url(soon())).toBe(`${site.url}/frames`);
    });

    test("a frame inside a frame of another site is entered and left by steps", async () => {
      await enter("#other");
      await expect.poll(() => read(page, `document.querySelector("#nested").src !== ""`)).toBe("true");
      await enter("#nested");
      expect(await read(page, "document.title")).toBe("Frame nested");
      await press();
      await page.leaveFrame("parent", soon());
      expect(await read(page, "document.title")).toBe("Frame other");
      expect(await pressed()).toBe("0");
      await enter("#nested");
      await page.leaveFrame("top", soon());
      expect(await read(page, "document.title")).toBe("Frames");
    });

    test("a frame that goes to another site and back stays the current one", async () => {
      await enter("#same");
      const other = site.url.replace("127.0.0.1", "localhost");
      for (const origin of [other, site.url]) {
        await page.call(
          "(url) => { location.href = url; return ''; }",
          `${origin}/frames/inner?name=moved`,
          soon(),
        );
        await expect
          .poll(() => read(page, "document.title + location.origin").catch(String), { timeout: 10_000 })
          .toBe(`Frame moved${origin}`);
        await press();
      }
    });

    test("what is no frame cannot be entered, and a frame that was removed is gone", async () => {
      await expect(enter("#plain")).rejects.toEqual(failure("protocol"));
      await enter("#same");
      await page.call(`() => { setTimeout(() => frameElement.remove(), 100); return ""; }`, "", soon());
      await expect
        .poll(() => read(page, "1").catch((error: unknown) => (error as PageError).name))
        .toBe("PageError");
      await page.leaveFrame("top", soon());
      expect(await read(page, "document.title")).toBe("Frames");
    });

    test("a frame that goes between being found and being entered is gone, which is not to be no frame", async () => {
      const frame = await element(page, "#same");
      await page.call(`() => { document.querySelector("#same").remove(); return ""; }`, "", soon());
      await expect(page.enterFrame(frame, soon())).rejects.toEqual(failure("frame-gone"));
      expect(await read(page, "document.title")).toBe("Frames");
    });

    test("navigating leads out of any frame", async () => {
      await enter("#same");
      await open("/text");
      expect(await read(page, "document.title")).toBe("Text");
    });
  });

  describe("windows", () => {
    beforeEach(() => open("/windows"));
    const windowTitled = async (title: string) => {
      await expect
        .poll(async () => (await page.windows(soon())).map((window) => window.title))
        .toContain(title);
      return (await page.windows(soon())).find((window) => window.title === title)?.id ?? "";
    };

    test("those that a page opens are listed in order and can be worked in", async () => {
      await click(page, "#blank");
      const blank = await windowTitled("Blank");
      await click(page, "#named");
      const named = await windowTitled("Named");
      const windows = await page.windows(soon());
      expect(windows.map(({ title }) => title)).toEqual(["Opener", "Blank", "Named"]);
      expect(windows[2]).toMatchObject({ name: "side", url: `${site.url}/windows/other?name=Named` });
      // It is behind the others.
      expect((await page.screenshot(soon())).length).toBeGreaterThan(1_000);
      await page.switchWindow(blank, soon());
      expect(await read(page, "document.title + innerWidth + 'x' + innerHeight")).toBe("Blank1280x720");
      await page.switchWindow(named, soon());
      expect(await page.title(soon())).toBe("Named");
      expect((await page.screenshot(soon())).length).toBeGreaterThan(1_000);
    });

    test("an empty one that its opener writes into can be worked in", async () => {
      await click(page, "#empty");
      await expect.poll(async () => (await idsOf(page)).length).toBe(2);
      await page.switchWindow((await idsOf(page))[1] ?? "", soon());
      expect(await read(page, "document.body.textContent")).toBe("written by the opener");
    });

    test("dialogs of a new window are noticed, and its console where the browser tells of that", async () => {
      await click(page, "#blank");
      await page.switchWindow(await windowTitled("Blank"), soon());
      await click(page, "#alert");
      expect(page.openDialog).toMatchObject({ kind: "alert", message: "from Blank" });
      await page.answerDialog({ accept: true }, soon());
      if (!isFirefox) expect(page.records.console.map(({ text }) => text)).toContain("opened Blank");
    });

    test.skipIf(road !== "cdp")(
      "one that a dialog blocks is listed with its name (a driver waits)",
      async () => {
        await click(page, "#named");
        const named = await windowTitled("Named");
        await page.switchWindow(named, soon());
        await click(page, "#alert");
        expect(page.openDialog).toBeDefined();
        const listed = await page.windows(soon());
        expect(listed.find(({ id }) => id === named)).toMatchObject({ title: "Named", name: "side" });
        await page.answerDialog({ accept: true }, soon());
      },
    );

    test("opening, resizing and closing", async () => {
      const [first] = await idsOf(page);
      await page.openWindow(soon());
      await open("/text");
      await page.resize({ width: 500, height: 400 }, soon());
      expect(await read(page, "innerWidth + 'x' + innerHeight")).toBe("500x400");
      expect(await idsOf(page)).toHaveLength(2);
      await page.closeWindow(soon());
      expect(await idsOf(page)).toEqual([first]);
      expect(await page.title(soon())).toBe("Opener");
      expect(await read(page, "innerWidth + 'x' + innerHeight")).toBe("1280x720");
    });

    test("one that its page closes is gone for whoever works in it, and another can be gone on in", async () => {
      const [first = ""] = await idsOf(page);
      await click(page, "#blank");
      await page.switchWindow(await windowTitled("Blank"), soon());
      await click(page, "#close");
      await expect
        .poll(() => read(page, "1").catch((error: unknown) => (error as PageError).kind), { timeout: 5_000 })
        .toBe("window-closed");
      await expect(page.navigate(site.url, soon())).rejects.toEqual(failure("window-closed"));
      await expect(page.press(["a"], soon())).rejects.toEqual(failure("window-closed"));
      await page.switchWindow(first, soon());
      expect(await page.title(soon())).toBe("Opener");
      await expect(page.switchWindow("none such", soon())).rejects.toBeInstanceOf(PageError);
    });
  });

  describe("pointer", () => {
    test("hovers, and presses any button once, twice and at the right place", async () => {
      await open("/commands/pointer");
      const to = await middleOf(page, "#pad");
      await record(
        page,
        "#pad",
        "mouseover click dblclick auxclick contextmenu",
        "event.button + '/' + event.detail",
      );
      await page.pointer([{ type: "move", to }], soon());
      expect(await read(page, `document.querySelector("#pad").matches(":hover")`)).toBe("true");
      const press = (button: "left" | "right" | "middle", clicks: number): PointerAction[] => [
        { type: "down", button, clicks },
        { type: "up", button, clicks },
      ];
      await page.pointer([...press("left", 1), ...press("left", 2)], soon());
      await page.pointer(press("right", 1), soon());
      const seen = await events(page);
      expect(seen.slice(0, 4)).toEqual(["mouseover:0/0", "click:0/1", "click:0/2", "dblclick:0/2"]);
      expect(seen).toContainEqual(expect.stringMatching(/^contextmenu:2/));
    });

    test("what is held stays held between two calls, and each movement is seen", async () => {
      await open("/commands/drag");
      const from = await middleOf(page, "#knob");
      await page.pointer(
        [
          { type: "move", to: from },
          { type: "down", button: "left" },
        ],
        soon(),
      );
      const by = (x: number): PointerAction => ({ type: "move", to: { x: from.x + x, y: from.y } });
      await page.pointer([by(10), by(20), by(30)], soon());
      await page.pointer([by(60), { type: "up", button: "left" }], soon());
      expect(await read(page, `document.querySelector("#position").textContent`)).toBe("60,0");
      expect(await read(page, `document.querySelector("#drags").textContent`)).toBe("4 moves");
    });

    test.skipIf(isFirefox)(
      "HTML drag and drop in one call carries its data (Firefox's driver has none)",
      async () => {
        await open("/commands/drag");
        const from = await middleOf(page, "#card");
        const to = await middleOf(page, "#basket");
        const drag: PointerAction[] = [
          { type: "move", to: from },
          { type: "down", button: "left" },
          { type: "move", to: { x: from.x + 5, y: from.y + 5 } },
          { type: "move", to },
          { type: "move", to },
          { type: "up", button: "left" },
        ];
        await page.pointer(drag, soon());
        await expect
          .poll(() => read(page, `document.querySelector("#dropped").textContent`))
          .toBe("the card dropped on basket");
      },
    );
  });

  describe("keys", () => {
    const value = (selector: string) => read(page, `document.querySelector("${selector}").value`);
    const withArea = async () => {
      await open("/text");
      const add = `() => { document.body.innerHTML = "<textarea id=area></textarea><input id=next>";
        document.querySelector("#area").focus(); return ""; }`;
      await page.call(add, "", soon());
    };

    test("a text of any characters is typed with real events", async () => {
      await withArea();
      await record(page, "#area", "keydown input", "(event.key ?? event.inputType) + '/' + event.isTrusted");
      const text = "Aa1!~\nGrüße, 日本 €😀";
      await page.type(text, soon());
      expect(await value("#area")).toBe(text);
      // Over DevTools the capital comes with its Shift.
      const seen = (await events(page)).filter((event) => event !== "keydown:Shift/true");
      expect(seen.slice(0, 4)).toEqual([
        "keydown:A/true",
        "input:insertText/true",
        "keydown:a/true",
        "input:insertText/true",
      ]);
      expect(seen).toContain("keydown:Enter/true");
      expect(seen).toContain("keydown:日/true");
    });

    test("a tab goes to the next field", async () => {
      await withArea();
      await page.type("one\ttwo", soon());
      expect([await value("#area"), await value("#next")]).toEqual(["one", "two"]);
    });

    test("chords are editing commands, and letters with Shift are capitals", async () => {
      await withArea();
      await page.type("one two", soon());
      await page.press(["Shift", "ArrowLeft"], soon());
      await page.press(["Delete"], soon());
      expect(await value("#area")).toBe("one tw");
      await page.press(["Control", "a"], soon());
      await page.press(["Shift", "K"], soon());
      expect(await value("#area")).toBe("K");
      await page.press(["Control", "z"], soon());
      expect(await value("#area")).toBe("one tw");
    });

    test("keys tell their code and what is held with them", async () => {
      await withArea();
      await record(
        page,
        "#area",
        "keydown keyup",
        "[event.key, event.code, event.keyCode, event.ctrlKey].join('/')",
      );
      await page.press(["Control", "b"], soon());
      await page.press(["F5"], soon());
      expect(await events(page)).toEqual([
        "keydown:Control/ControlLeft/17/true",
        "keydown:b/KeyB/66/true",
        "keyup:b/KeyB/66/true",
        "keyup:Control/ControlLeft/17/false",
        "keydown:F5/F5/116/false",
        "keyup:F5/F5/116/false",
      ]);
    });

    test("a long text can be cancelled on its way", async () => {
      await withArea();
      const stop = new AbortController();
      const typing = page.type("x".repeat(50_000), stop.signal);
      await expect.poll(async () => (await value("#area")).length, { timeout: 10_000 }).toBeGreaterThan(0);
      stop.abort(new Error("enough"));
      await expect(typing).rejects.toThrow("enough");
      const length = (await value("#area")).length;
      expect(length).toBeLessThan(50_000);
    });
  });

  describe("dialogs", () => {
    const answer = () => read(page, `document.querySelector("#answer").textContent`);

    test("one that a click opens blocks the page until it is answered", async () => {
      await open("/dialogs");
      await click(page, "#confirm");
      const { openDialog } = page;
      expect(openDialog).toEqual({ kind: "confirm", message: "Sure?", state: "open" });
      expect(await page.dialogOpened(soon())).toBe(openDialog);
      await expect(page.screenshot(soon())).rejects.toEqual(failure("protocol"));
      expect(await page.url(soon())).toBe(`${site.url}/dialogs`);
      const call = answer();
      await page.answerDialog({ accept: true }, soon());
      expect(await call).toBe("true");
      expect(page.openDialog).toBeUndefined();
      expect(page.records.dialogs.at(-1)).toEqual({ kind: "confirm", message: "Sure?", state: "accepted" });
      await expect(page.answerDialog({ accept: true }, soon())).rejects.toEqual(failure("protocol"));
    });

    test("a prompt takes a text, its own default, or nothing", async () => {
      await open("/dialogs");
      for (const [given, expected] of [
        [{ accept: true, promptText: "Ada" }, "Ada"],
        [{ accept: true }, "nobody"],
        [{ accept: false }, "null"],
      ] as const) {
        await click(page, "#prompt");
        await page.answerDialog(given, soon());
        expect(await answer()).toBe(expected);
      }
    });

    test("an answer prepared for the next one is given as it opens, once", async () => {
      await open("/dialogs");
      page.armDialog({ accept: false });
      const opened = page.dialogOpened(soon());
      await click(page, "#confirm");
      expect(await answer()).toBe("false");
      expect(await opened).toMatchObject({ message: "Sure?", state: "dismissed" });
      page.armDialog({ accept: true });
      page.armDialog(undefined);
      await click(page, "#alert");
      expect(page.openDialog).toMatchObject({ kind: "alert", state: "open" });
      await page.answerDialog({ accept: true }, soon());
    });

    test("typing ends at a dialog, and goes on through one whose answer was prepared", async () => {
      await open("/dialogs");
      await click(page, "#field");
      page.armDialog({ accept: true });
      await page.type("abc", soon());
      expect(await read(page, `document.querySelector("#field").value`)).toBe("abc");
      await page.press(["Backspace"], soon());
      expect(page.openDialog).toMatchObject({ message: "Typed ab" });
      await page.answerDialog({ accept: true }, soon());
    });

    test("nothing that is typed gets lost at a dialog whose answer was prepared", async () => {
      await open("/dialogs");
      await click(page, "#field");
      page.armDialog({ accept: true });
      const text = `ab${"c".repeat(150)}`;
      await page.type(text, soon());
      expect(await read(page, `document.querySelector("#field").value`)).toBe(text);
      expect(page.records.dialogs.at(-1)).toMatchObject({ message: "Typed ab", state: "accepted" });
    });

    test("a button that is pressed is let go behind a dialog whose answer was prepared", async () => {
      await open("/dialogs");
      await record(page, "#answer", "mousedown mouseup click", "''");
      await read(
        page,
        `Object.assign(document.querySelector("#answer"), { textContent: "Press", onmousedown: () => alert("Down") })`,
      );
      page.armDialog({ accept: true });
      await click(page, "#answer");
      expect(page.records.dialogs.at(-1)).toMatchObject({ message: "Down", state: "accepted" });
      expect(await events(page)).toEqual(["mousedown:", "mouseup:", "click:"]);
    });

    test("a page that asks while it loads is open once it has been answered", async () => {
      await open("/dialogs/at-load");
      await page.dialogOpened(soon());
      const state = read(page, `document.querySelector("#state").textContent`);
      await page.answerDialog({ accept: true }, soon());
      expect(await state).toBe("closed");
    });

    // geckodriver switches these questions off.
    test.skipIf(isFirefox)(
      "a page that asks whether it may be left is left with a yes only (not in Firefox)",
      async () => {
        await open("/dialogs/leaving");
        await click(page, "#field");
        await page.type("changed", soon());
        await open("/text");
        expect(page.openDialog).toMatchObject({ kind: "beforeunload", state: "open" });
        await page.answerDialog({ accept: false }, soon());
        expect(await page.title(soon())).toBe("Leaving");
        await open("/text");
        await page.answerDialog({ accept: true }, soon());
        expect(await page.title(soon())).toBe("Text");
        expect(page.openDialog).toBeUndefined();
      },
    );
  });

  describe("files", () => {
    const lastDownload = async (state: string) => {
      while (page.records.downloads.at(-1)?.state !== state) await page.downloadChanged(soon());
      return page.records.downloads.at(-1);
    };

    test("a download is followed to its end, and the file is gone with the session", async () => {
      await open("/downloads");
      await click(page, "#file");
      const download = await lastDownload("complete");
      expect(download).toMatchObject({
        fileName: "report.txt",
        url: isFirefox ? "" : `${site.url}/downloads/file?name=report.txt`,
        bytes: 1000,
      });
      const path = download?.path ?? "";
      expect(await readFile(path, "utf8")).toBe("a".repeat(500) + "b".repeat(500));
      expect(await page.title(soon())).toBe("Downloads");
      await session.close();
      await expect(readFile(path)).rejects.toThrow("ENOENT");
    });

    test.skipIf(isFirefox)(
      "one that breaks off has failed (Firefox's may be gone before it was seen)",
      async () => {
        await open("/downloads");
        await click(page, "#broken");
        expect(await lastDownload("failed")).toMatchObject({ fileName: "broken.txt" });
      },
    );

    test("one that begins by navigating or in a new window is no error", async () => {
      await open("/downloads/file?name=direct.txt");
      expect(await lastDownload("complete")).toMatchObject({ fileName: "direct.txt" });
      await open("/windows");
      await click(page, "#file");
      while (page.records.downloads.at(-1)?.fileName !== "popup.txt") await page.downloadChanged(soon());
      await lastDownload("complete");
    });

    test("files are given to a field as a person would, and what is no such field takes none", async () => {
      const folder = await mkdtemp(join(tmpdir(), "stepwire-test-"));
      const paths = [join(folder, "ä one.txt"), join(folder, "two.txt")];
      for (const path of paths) await writeFile(path, `text of ${path.slice(-7)}`);
      await open("/downloads");
      const chosen = () => read(page, `document.querySelector("#chosen").textContent`);
      await page.setFiles(await element(page, "#many"), paths, soon());
      await expect.poll(chosen).toBe("ä one.txt: text of one.txt\ntwo.txt: text of two.txt");
      await page.setFiles(await element(page, "#one"), paths.slice(1), soon());
      await expect.poll(chosen).toBe("two.txt: text of two.txt");
      await expect(page.setFiles(await element(page, "#chosen"), paths, soon())).rejects.toEqual(
        failure("protocol"),
      );
      await rm(folder, { recursive: true });
    });
  });

  describe("evidence", () => {
    test("a picture is one of the viewport, also of a page that is replaced meanwhile", async () => {
      await open("/text");
      const pictures = Array.from({ length: 4 }, () => page.screenshot(soon()));
      await open("/form");
      for (const picture of await Promise.all(pictures)) {
        expect([...picture.slice(0, 3)]).toEqual(PICTURE_BEGINS);
      }
    });

    test("the source is the document as it is now", async () => {
      await open("/text");
      await page.call("() => { document.body.innerHTML = '<b>changed</b>'; return ''; }", "", soon());
      expect(await page.source(soon())).toContain("<body><b>changed</b></body>");
    });

    test.skipIf(isFirefox)(
      "the console, errors of scripts and requests that fail are remembered, and cut (Firefox's driver tells of none)",
      async () => {
        await open("/text");
        const run = `() => { const script = document.createElement("script");
        script.textContent = 'console.warn("careful", 7); console.info("x".repeat(5000)); ' +
          'fetch("/no-such-page"); fetch("http://127.0.0.1:1/").catch(() => 0); setTimeout(() => { throw new Error("broken"); })';
        document.body.append(script); return ""; }`;
        await page.call(run, "", soon());
        // Read by whatever brings the records up to date.
        const records = async () => {
          await page.source(soon());
          return page.records;
        };
        await expect.poll(async () => (await records()).failedRequests.length).toBe(2);
        const { console: messages, failedRequests } = await records();
        const [missing, unanswered] = failedRequests.toSorted((a, b) => (b.status ?? 0) - (a.status ?? 0));
        expect(missing).toMatchObject({ method: "GET", url: `${site.url}/no-such-page`, status: 404 });
        expect(unanswered).toMatchObject({ method: "GET", url: "http://127.0.0.1:1/" });
        expect(unanswered?.error).toContain("ERR_");
        expect(messages).toContainEqual(
          expect.objectContaining({ level: "warning", text: expect.stringContaining("careful") }),
        );
        expect(messages).toContainEqual(
          expect.objectContaining({ level: "error", text: expect.stringContaining("broken") }),
        );
        expect(Math.max(...messages.map(({ text }) => text.length))).toBeLessThanOrEqual(2_001);
      },
    );
  });

  describe("pages that fail", () => {
    const folders = () => profileFolders().flatMap((folder) => processesWith(folder));

    test("one in an endless loop rejects with the signal's reason, and can be closed", async () => {
      await open("/text");
      await expectAborted(page.call("() => { for (;;) {} }", "", AbortSignal.timeout(300)));
      const started = performance.now();
      await session.close();
      expect(performance.now() - started).toBeLessThan(5_000);
    });

    test.skipIf(isFirefox)(
      "one that crashes rejects at once, whatever is under way (Firefox's are not known by their processes)",
      async () => {
        await open("/text");
        const call = page.call("() => new Promise(() => {})", "", soon());
        const failed = expect(call).rejects.toThrow(/crashed|gone/);
        const renderers = folders().filter((pid) => processesWith("--type=renderer").includes(pid));
        for (const pid of renderers) process.kill(pid, "SIGKILL");
        await failed;
        await expect(page.screenshot(soon())).rejects.toThrow();
        await expect(read(page, "1")).rejects.toThrow();
      },
    );
  });
});
