import { describe, expect, test } from "vitest";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";

describe.each(ROADS)("keys that are held while the pointer acts, over %s", (road) => {
  const { open, pass, fail } = browsing(road, { isShared: true });
  const page = () => open("/commands/modifiers");
  const row = (name: string) => by("text", name);

  test("Control chooses a further row, Shift a range, and both are let go of", async () => {
    const { messages } = await pass(
      page(),
      { action: "click", ...row("Anna") },
      { action: "click", ...row("Cleo"), modifiers: ["Control"] },
      shows("chosen", "Anna, Cleo"),
      shows("keys", "keydown Control keyup Control"),
      { action: "click", ...row("Ben") },
      { action: "verify_text", ...id("chosen"), expected_text: "Ben", match: "equals" },
      { action: "click", ...row("Dan"), modifiers: ["Shift"] },
      shows("chosen", "Ben, Cleo, Dan"),
    );
    expect(messages[2]).toBe("Click text 'Cleo' with Control");
  });

  test("every kind of pointer command holds them, several too", async () => {
    await pass(
      page(),
      { action: "double_click", ...id("pad"), modifiers: ["Control", "Shift"] },
      shows("events", "dblclick with Control+Shift"),
      { action: "right_click", ...id("pad"), modifiers: ["Alt"] },
      shows("events", "contextmenu with Alt"),
      { action: "mouse_move", x: 1, y: 1 },
      { action: "hover", ...id("pad"), modifiers: ["ControlOrMeta"] },
      {
        action: "verify_text",
        ...id("events"),
        expected_text: process.platform === "darwin" ? "mousemove with Meta" : "mousemove with Control\\n",
        match: "regex",
      },
      { action: "drag_and_drop", ...id("pad"), by_x: 20, modifiers: ["Meta"] },
      shows("events", "mousedown with Meta"),
      shows("events", "mouseup with Meta"),
      click("pad"),
      shows("events", "click with none"),
    );
  });

  test.skipIf(isFirefox)(
    "a card that is dropped with Control is copied (Firefox's driver has no HTML drag and drop)",
    async () => {
      await pass(
        page(),
        { action: "drag_and_drop", ...id("card"), to: id("basket") },
        shows("dropped", "moved card"),
        { action: "drag_and_drop", ...id("card"), to: id("basket"), modifiers: ["Control"] },
        shows("dropped", "copied card"),
      );
    },
  );

  test("a drag that finds no place to drop lets go of the keys too", async () => {
    expect(
      await fail(page(), {
        action: "drag_and_drop",
        ...id("pad"),
        to: id("nowhere"),
        modifiers: ["Shift"],
        timeout: 1,
      }),
    ).toContain("there is no such element");
    await pass(
      { action: "click", ...row("Anna") },
      { action: "click", ...row("Cleo") },
      { action: "verify_text", ...id("chosen"), expected_text: "Cleo", match: "equals" },
    );
  });

  test("Control on a link opens it in a window beside this one", async () => {
    await pass(
      page(),
      { action: "click", ...id("link"), modifiers: ["ControlOrMeta"] },
      { action: "verify_title", expected_title: "Modifiers" },
      { action: "switch_window", title: "Beside" },
      { action: "close_window" },
      { action: "verify_title", expected_title: "Modifiers" },
    );
  });

  test("keys are not held any more once a dialog that came of it is answered", async () => {
    await pass(
      page(),
      { action: "click", ...id("alert"), modifiers: ["Control"] },
      { action: "handle_dialog", response: "accept", expected_message: "with Control" },
      { action: "input", ...id("field"), text: "abc" },
      { action: "verify_value", ...id("field"), expected_value: "abc" },
      { action: "click", ...row("Anna") },
      { action: "click", ...row("Cleo") },
      { action: "verify_text", ...id("chosen"), expected_text: "Cleo", match: "equals" },
    );
  });
});

describe.each(ROADS)("the mouse wheel over %s", (road) => {
  const { open, pass, fail } = browsing(road, { isShared: true });
  const page = (hash = "") => open(`/commands/wheel${hash}`);

  test("zooms a map as often as it is turned, with keys held", async () => {
    const { messages } = await pass(
      page(),
      { action: "wheel", ...id("map"), by_y: -100, times: 2 },
      shows("zoom", "Zoom 3 by 0,-100 with none"),
      { action: "wheel", ...id("map"), by_x: 10, by_y: 100, offset_x: 5, offset_y: 5 },
      shows("zoom", "Zoom 2 by 10,100 with none"),
      { action: "wheel", by_y: -120, modifiers: ["Control"] },
      shows("zoom", "Zoom 3 by 0,-120 with Control"),
    );
    expect(messages[1]).toBe("Turn the wheel over id 'map' by 0, -100 px, 2 times");
  });

  test("scrolls what can be scrolled there", async () => {
    await pass(page(), { action: "wheel", ...id("list"), by_y: 200 }, shows("scrolled", "scrolled"));
  });

  test("reaches a map in a frame", async () => {
    await pass(
      page(),
      { action: "switch_frame", ...id("frame") },
      { action: "wheel", ...id("map"), by_y: -100 },
      shows("zoom", "Zoom 2"),
    );
  });

  test("needs an element that the pointer can reach", async () => {
    const wheel = { action: "wheel", ...id("nowhere"), by_y: 1, timeout: 0.2 } as const;
    expect(await fail(page(), wheel)).toBe(
      "Command 2 (wheel) on id 'nowhere': expected an element that the pointer can reach within 0.2 s, but there is no such element.",
    );
  });

  describe("is turned by scroll where nothing in the element can be scrolled", () => {
    test("which zooms a map", async () => {
      await pass(page(), { action: "scroll", ...id("map"), by_y: -100 }, shows("zoom", "Zoom 2 by 0,-100"));
    });

    test("and what the page does beside scrolling counts", async () => {
      await pass(page(), { action: "scroll", ...id("glass"), by_y: -100 }, shows("turned", "turned"));
    });

    test("but what can be scrolled only later is waited for", async () => {
      await pass(page("#late"), { action: "scroll", ...id("late"), by_y: 100 }, shows("zoom", "Zoom 1"));
    });

    test("and fails where the page does nothing", async () => {
      const scroll = { action: "scroll", ...id("still"), by_y: -100, timeout: 2 } as const;
      expect(await fail(page(), scroll)).toContain(
        'nothing in <div id="still"> is out of view, and the page did nothing when the wheel was turned over it',
      );
    });
  });

  test("turns in the middle of a page that does not scroll itself", async () => {
    await pass(
      open("/commands/wheel/frame"),
      { action: "set_window_size", width: 300, height: 200 },
      { action: "scroll", by_y: -100 },
      shows("zoom", "Zoom 1"),
    );
  });
});
