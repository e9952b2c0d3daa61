import { afterEach, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, click, id, shows } from "../../support/browsing.js";
import { PICTURE_BEGINS, ROADS } from "../../support/real-browser.js";
import { closeAllButFirst } from "../../support/windows.js";

const verifyUrl = (expected_url: string, more: object = {}): Command => ({
  action: "verify_url",
  expected_url,
  ...more,
});

describe.each(ROADS)("page commands over %s", (road) => {
  const browser = browsing(road, { isShared: true });
  const { open, pass, fail, run } = browser;
  test("navigate opens what its variables make, and nothing that is not allowed", async () => {
    const base: Command = { action: "set_variable", variable: "base", value: browser.site.url };
    const navigate: Command = { action: "navigate", url: "${base}/commands/second" };
    await pass(base, navigate, shows("here", "second page"));
    const { outcome } = await run([base, navigate], { allowedHosts: ["a.test"] });
    expect(outcome).toMatchObject({
      verdict: "error",
      command: 2,
      message: expect.stringContaining("the host '127.0.0.1' is not allowed here") as string,
    });
  });

  test("back and forward go through the history, also of what was loaded by a link", async () => {
    await pass(
      open("/commands/first"),
      click("next"),
      shows("here", "second page"),
      { action: "back" },
      { action: "verify_element_present", ...id("next") },
      { action: "forward" },
      shows("here", "second page"),
    );
  });

  test("there is nothing to go forward to from the last page", async () => {
    const message = await fail(open("/commands/first"), { action: "forward" });
    expect(message).toBe(
      "Command 2 (forward): expected to go forward one page, but there is no page to go forward to.",
    );
  });

  test("refresh loads the page again", async () => {
    await pass(
      open("/commands/loads"),
      { action: "store_text", ...id("loads"), variable: "before" },
      shows("loads", "${before}"),
      { action: "refresh" },
      { action: "verify_text", ...id("loads"), expected_text: "loaded \\d+ times", match: "regex" },
      { action: "verify_text", ...id("loads"), expected_text: "${before}", not: true },
    );
  });

  test("set_window_size gives the viewport exactly this size", async () => {
    await pass(
      open("/commands/first"),
      shows("size", "1280 x 720"),
      { action: "set_window_size", width: 640, height: 480 },
      shows("size", "640 x 480"),
      { action: "refresh" },
      shows("size", "640 x 480"),
    );
  });

  describe("frames", () => {
    const where = (name: string) => shows("where", name);
    const frame = (more: object): Command => ({ action: "switch_frame", ...more });

    test("by locator and index, into frames in frames, out by parent and top, with real clicks inside", async () => {
      await pass(
        open("/commands/frames"),
        where("top"),
        frame(id("left")),
        where("left"),
        click("press"),
        where("left pressed"),
        frame({ index: 0 }),
        where("deep"),
        click("press"),
        where("deep pressed"),
        frame({ parent: true }),
        where("left pressed"),
        frame({ index: 0 }),
        frame({ top: true }),
        where("top"),
        frame(id("right")),
        where("right"),
      );
    });

    test("a frame that comes late is waited for", async () => {
      await pass(
        open("/commands/frames"),
        frame(id("late")),
        where("late"),
        click("press"),
        where("late pressed"),
      );
    });

    test("the title and address are the window's in a frame too, and a new page leads out", async () => {
      await pass(
        open("/commands/frames"),
        frame(id("left")),
        { action: "verify_title", expected_title: "Frames", match: "equals" },
        verifyUrl("/commands/frames"),
        open("/commands/second"),
        shows("here", "second page"),
      );
    });

    test("what is no frame is not gone into, and a frame that is not there fails", async () => {
      const { outcome } = await run([open("/commands/frames"), frame(id("where"))]);
      expect(outcome.verdict).not.toBe("passed");
      await pass(where("top"));
      expect(await fail(frame({ index: 9, timeout: 0.4 }))).toContain(
        "Command 1 (switch_frame): expected the frame with index 9 within 0.4 s, but ",
      );
    });
  });

  describe("scroll", () => {
    const place = (expected: string) => shows("place", expected);

    test("to an element, by a distance, and to the beginning and end", async () => {
      await pass(
        open("/commands/scrolling"),
        { action: "scroll", by_y: 500, by_x: 100 },
        place("100,500 box 0"),
        { action: "scroll", by_y: -200 },
        place("100,300 box 0"),
        { action: "scroll", to: "bottom" },
        place("bottom"),
        { action: "scroll", to: "top" },
        { action: "verify_text", ...id("place"), expected_text: ",0 box 0" },
      );
    });

    test("inside an element", async () => {
      await pass(
        open("/commands/scrolling"),
        { action: "scroll", ...id("box"), by_y: 150 },
        place("0,0 box 150"),
        { action: "scroll", ...id("box"), to: "bottom" },
        { action: "verify_text", ...id("place"), expected_text: "^0,0 box [1-9][0-9]{3}", match: "regex" },
        { action: "scroll", ...id("end") },
        { action: "verify_text", ...id("place"), expected_text: "0,[1-9][0-9]+ box", match: "regex" },
      );
    });

    test("an element without anything to scroll fails", async () => {
      const message = await fail(open("/commands/scrolling"), {
        action: "scroll",
        ...id("place"),
        by_y: 10,
        timeout: 0.2,
      });
      expect(message).toContain("expected something that can be scrolled within 0.2 s");
    });
  });

  test("screenshot keeps a picture under its name", async () => {
    const { artifacts } = await pass(
      open("/commands/second"),
      { action: "set_variable", variable: "n", value: "7" },
      { action: "screenshot", name: "Order ${n}" },
      { action: "screenshot" },
    );
    expect(artifacts).toMatchObject([
      { kind: "screenshot", name: "Order 7" },
      { kind: "screenshot", name: undefined },
    ]);
    for (const artifact of artifacts) {
      if (artifact.kind === "screenshot") expect([...artifact.bytes.slice(0, 3)]).toEqual(PICTURE_BEGINS);
    }
  });
});

describe.each(ROADS)("commands for windows over %s", (road) => {
  const browser = browsing(road, { isShared: true });
  const { open, pass, fail, run } = browser;
  afterEach(() => closeAllButFirst(browser.session.page));

  const who = (name: string) => shows("who", name);
  const switchTo = (more: object): Command => ({ action: "switch_window", ...more });

  test("by title, address, name, index and as the last", async () => {
    await pass(
      open("/commands/windows"),
      click("named"),
      switchTo({ title: "Named" }),
      who("Named"),
      switchTo({ index: 0 }),
      who("Opener"),
      switchTo({ name: "side" }),
      who("Named"),
      switchTo({ title: "Open?r", match: "glob" }),
      who("Opener"),
      switchTo({ url: "name=Named$", match: "regex" }),
      who("Named"),
      switchTo({ index: 0 }),
      switchTo({ last: true }),
      who("Named"),
    );
  });

  test("a window that opens late is waited for, also as the last", async () => {
    await pass(open("/commands/windows"), click("late"), switchTo({ last: true }), who("Late"));
    await pass(switchTo({ index: 0 }), click("named"), switchTo({ name: "side" }), who("Named"));
  });

  test("a window that is not there fails with those that are", async () => {
    const message = await fail(open("/commands/windows"), switchTo({ title: "Nowhere", timeout: 0.3 }));
    expect(message).toContain(
      'Command 2 (switch_window): expected a window whose title contains "Nowhere" within 0.3 s, ' +
        'but the only window is "Opener" at http://127.0.0.1:',
    );
    expect(await fail(switchTo({ last: true, timeout: 0.2 }))).toContain("but no other window has opened.");
    expect(await fail(switchTo({ index: 3, timeout: 0.2 }))).toContain("expected the window with index 3");
    expect(await fail(switchTo({ name: "side", timeout: 0.2 }))).toContain(
      'expected the window named "side"',
    );
  });

  test("new_window opens one, with or without a page, and close_window goes back", async () => {
    await pass(
      open("/commands/windows?name=One"),
      { action: "new_window", url: `${browser.site.url}/commands/windows?name=Two` },
      who("Two"),
      { action: "new_window" },
      verifyUrl("about:blank"),
      { action: "close_window" },
      who("Two"),
      { action: "close_window" },
      who("One"),
    );
    const { outcome } = await run([{ action: "close_window" }]);
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("it is the only window of the run") as string,
    });
  });

  test("new_window opens nothing that is not allowed", async () => {
    const { outcome } = await run([{ action: "new_window", url: "http://b.test/" }], {
      allowedHosts: ["a.test"],
    });
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("the host 'b.test' is not allowed here") as string,
    });
  });

  test("a window that the page has closed is an error, and another can be gone on in", async () => {
    await pass(
      open("/commands/windows"),
      click("named"),
      switchTo({ name: "side" }),
      who("Named"),
      click("close"),
    );
    const { outcome } = await run([{ ...shows("who", "nobody"), timeout: 2 } as Command]);
    expect(outcome).toMatchObject({ verdict: "error", command: 1 });
    await pass(switchTo({ index: 0 }), who("Opener"));
  });
});
