import { beforeEach, describe, expect, test, vi } from "vitest";
import { browsing, click, id, shows } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";

describe.each(ROADS)("pointer commands over %s", (road) => {
  const browser = browsing(road, { isShared: true });
  const { open, pass, fail } = browser;
  const events = (expected_text: string, more: object = {}) => ({
    ...shows("events", expected_text),
    ...more,
  });

  test("click presses the left button once, in the middle or at an offset", async () => {
    await pass(
      open("/commands/pointer"),
      click("pad"),
      events("mousedown button=0 detail=1 at=100,50 trusted=true"),
      events("click button=0 detail=1 at=100,50 trusted=true"),
      { action: "click", ...id("pad"), offset_x: 3, offset_y: 90 },
      events("click button=0 detail=1 at=3,90 trusted=true"),
      events("dblclick", { not: true }),
    );
  });

  test("double_click is a double click", async () => {
    await pass(
      open("/commands/pointer"),
      { action: "double_click", ...id("pad"), offset_x: 10 },
      events("click button=0 detail=2 at=10,50 trusted=true"),
      events("dblclick button=0 detail=2 at=10,50 trusted=true"),
    );
  });

  test("right_click opens the context menu", async () => {
    await pass(
      open("/commands/pointer"),
      { action: "right_click", ...id("pad") },
      events("mousedown button=2"),
      events("contextmenu button=2"),
      events("trusted=false", { not: true }),
    );
  });

  test.each(["click", "double_click", "right_click"] as const)(
    "%s needs an enabled element that is there",
    async (action) => {
      expect(await fail(open("/commands/pointer"), { action, ...id("off"), timeout: 0.2 })).toContain(
        "is disabled",
      );
      expect(await fail({ action, ...id("nowhere"), timeout: 0.2 })).toBe(
        `Command 1 (${action}) on id 'nowhere': expected an element that can be clicked within 0.2 s, but there is no such element.`,
      );
    },
  );

  test("an offset outside the element does not pass", async () => {
    await expect(
      fail(open("/commands/pointer"), { action: "click", ...id("pad"), offset_x: 500, timeout: 0.2 }),
    ).resolves.toContain("is only 200 × 100 pixels large");
  });

  test("hover shows what is under the pointer only, and works on a disabled element", async () => {
    await pass(
      open("/commands/pointer"),
      { action: "verify_hidden", ...id("item") },
      { action: "hover", ...id("menu-title") },
      { action: "verify_visible", ...id("item") },
      click("item"),
      shows("chosen", "item chosen"),
      { action: "hover", ...id("off") },
      { action: "verify_css", ...id("off"), property: "outline-color", expected_value: "rgb(255, 0, 0)" },
      { action: "verify_hidden", ...id("item") },
    );
    expect(await fail({ action: "hover", ...id("item"), timeout: 0.2 })).toContain("is not visible");
  });

  // Finding the element and moving the pointer are two calls, and the frame moves in between.
  describe("an element whose frame leaves the window before the pointer comes is found again", () => {
    beforeEach(async () => {
      await pass(open("/frames/moving"), { action: "switch_frame", ...id("frame") });
      const { page } = browser.session;
      const pointer = page.pointer.bind(page);
      vi.spyOn(page, "pointer").mockImplementationOnce(async (...input) => {
        const push = `() => {
          const gap = parent.document.querySelector("#gap");
          gap.hidden = false;
          gap.style.height = "2000px";
          return "";
        }`;
        await page.call(push, "", AbortSignal.timeout(5_000));
        return await pointer(...input);
      });
    });

    test("by click", async () => {
      await pass(click("press"), shows("record", "clicks: 1, misses: 0"));
    });

    test.each([
      ["hover", { action: "hover" }],
      ["mouse_move", { action: "mouse_move" }],
    ] as const)("by %s", async (_name, command) => {
      await pass({ ...command, ...id("press") }, shows("pointer", "over it"));
    });

    test("by drag_and_drop", async () => {
      await pass({ action: "drag_and_drop", ...id("press"), by_x: 20 }, shows("pointer", "dragging"));
    });
  });

  test("mouse_move, mouse_down and mouse_up are a press of one's own making", async () => {
    await pass(
      open("/commands/pointer"),
      { action: "mouse_move", ...id("pad"), offset_x: 20, offset_y: 30 },
      { action: "mouse_down", button: "right" },
      events("mousedown button=2 detail=1 at=20,30"),
      events("mouseup", { not: true }),
      { action: "mouse_up", button: "right" },
      events("mouseup button=2"),
      { action: "mouse_down", button: "middle" },
      { action: "mouse_up", button: "middle" },
      events("auxclick button=1"),
      { action: "mouse_down" },
      { action: "mouse_up" },
      events("click button=0 detail=1 at=20,30 trusted=true"),
      { action: "store_text", ...id("events"), variable: "before" },
      { action: "mouse_move", x: 1, y: 1 },
      { action: "mouse_down" },
      { action: "mouse_up" },
      events("${before}", { match: "equals" }),
    );
    expect(await fail({ action: "mouse_move", ...id("nowhere"), timeout: 0.2 })).toContain(
      "there is no such element",
    );
  });

  describe("drag_and_drop", () => {
    test("by a distance, moving on the way", async () => {
      await pass(
        open("/commands/drag"),
        { action: "drag_and_drop", ...id("knob"), by_x: 150, by_y: 40 },
        shows("position", "150,40"),
        { action: "verify_text", ...id("drags"), expected_text: "^([5-9]|[1-9][0-9]) moves", match: "regex" },
        { action: "drag_and_drop", ...id("knob"), by_x: -50 },
        shows("position", "100,40"),
      );
    });

    test.skipIf(isFirefox)("to an element, with HTML drag and drop (Firefox's driver has none)", async () => {
      await pass(
        open("/commands/drag"),
        { action: "drag_and_drop", ...id("card"), to: id("basket") },
        shows("dropped", "the card dropped on basket"),
      );
    });

    test.skipIf(isFirefox)(
      "to an element that comes only while something is dragged (Firefox's driver has no HTML drag and drop)",
      async () => {
        await pass(
          open("/commands/drag"),
          { action: "drag_and_drop", ...id("card"), to: id("late") },
          shows("dropped", "the card dropped on late"),
        );
      },
    );

    test("to nowhere fails and lets go", async () => {
      const message = await fail(open("/commands/drag"), {
        action: "drag_and_drop",
        ...id("knob"),
        to: id("nowhere"),
        timeout: 0.3,
      });
      expect(message).toContain("expected an element to drag and one to drop it on within 0.3 s");
      await pass(
        { action: "verify_text", ...id("position"), expected_text: "0,0", not: true },
        { action: "store_text", ...id("drags"), variable: "before" },
        { action: "mouse_move", x: 5, y: 5 },
        shows("drags", "${before}"),
      );
    });

    test("of an element that is not there fails", async () => {
      expect(
        await fail(open("/commands/drag"), { action: "drag_and_drop", ...id("no"), by_x: 1, timeout: 0.2 }),
      ).toContain("there is no such element");
    });
  });
});
