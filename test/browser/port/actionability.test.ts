import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { WarmBrowserPool } from "../../../src/browser/pool/pool.js";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { findAndPress, type Press } from "../../../src/runner/find-and-act.js";
import {
  DialogInTheWay,
  find,
  findElement,
  Impossible,
  NotSatisfied,
  waitForReading,
} from "../../../src/runner/find.js";
import type { Goal, PageLocator, PageState, Reading, Satisfied } from "../../../src/runner/page/requests.js";
import { startSite, type Site } from "../../site/server.js";
import { realPool } from "../../support/real-browser.js";

let site: Site;
let foreignSite: Site;
let pool: WarmBrowserPool;
let session: BrowserSession;

beforeAll(async () => {
  [site, foreignSite] = await Promise.all([startSite(), startSite()]);
  pool = realPool({ size: 1 }).pool;
  await pool.warm();
  session = await pool.acquire(AbortSignal.timeout(20_000));
});

afterAll(async () => {
  await session.close();
  await pool.close();
  await Promise.all([site.close(), foreignSite.close()]);
});

const signal = AbortSignal.timeout(600_000);
const context = () => ({ page: session.page, signal, log: () => undefined, variables: { used: [] } });
const open = (path: string) => session.page.navigate(site.url + path, signal);
const id = (value: string) => ({ locator: { type: "id", value } satisfies PageLocator });

/** Time for a wait that is expected to succeed; each wait that is expected to fail names its own. */
const SOON = 5_000;

const ask = (element: string, goal: Goal, timeoutMs = SOON): Promise<Satisfied> =>
  find({ ...goal, target: id(element), timeoutMs }, context());

const click = (element: string, more: Partial<Press> = {}) =>
  findAndPress({ target: id(element), button: "left", clicks: 1, timeoutMs: SOON, ...more }, context());

const read = async (element: string, reading: Reading = { what: "text" }) =>
  (await ask(element, { until: "read", reading }, 0)).value;

const state = (element: string, wanted: PageState, timeoutMs = 0) =>
  ask(element, { until: "state", state: wanted }, timeoutMs);

/** Waits until the page has told how far it, or its scroller, is scrolled. */
const scrolled = (element: string, accept: (distance: number) => boolean) =>
  waitForReading(
    { target: id(element), reading: { what: "text" }, timeoutMs: SOON },
    (text) => (accept(Number(text)) ? undefined : `it is ${text}`),
    context(),
  );

/** The first half of a click that is watched over. */
const pressDown = async (element: string) => {
  const { point: to = { x: 0, y: 0 } } = await ask(element, { until: "pointable", guard: "click" });
  const press = [
    { type: "move", to },
    { type: "down", button: "left" },
  ] as const;
  await session.page.pointer(press, signal);
};

/** The other half. @returns what was hit instead of the element */
const letGo = () =>
  session.page.pointer([{ type: "up", button: "left" }], signal, "() => stepwirePage.confirmHit()");

const SATISFIED = { outcome: "satisfied" };

describe("a click on what has to be scrolled to", () => {
  beforeEach(() => open("/scrollers"));

  test("in scrollers inside scrollers, under sticky headers", async () => {
    await click("deep");
    expect(await read("record")).toBe("clicks: 1, misses: 0");
  });

  test("far to the right", async () => {
    await click("right");
    expect(await read("record")).toBe("clicks: 1, misses: 0");
  });

  test("at an offset of an element that is higher than the viewport", async () => {
    await click("tall", { offset: { x: 25, y: 2_300 } });
    expect(await read("spot")).toBe("25,2300");
    // In view neither at the beginning, nor at the end, nor in the middle.
    await click("tall", { offset: { x: 25, y: 1_620 } });
    expect(await read("spot")).toBe("25,1620");
    await click("tall", { offset: { x: 25, y: 10 } });
    expect(await read("spot")).toBe("25,10");
  });
});

describe("shapes", () => {
  beforeEach(() => open("/shapes"));

  test.each(["rotated", "scaled", "skewed", "bar", "group", "ring", "line", "contents", "zero", "wrapped"])(
    "a click on #%s hits it",
    async (element) => {
      await click(element);
      expect(await read("record")).toBe("clicks: 1, misses: 0");
    },
  );

  test.each(["rotated", "scaled", "bar", "line", "contents", "zero", "overflowing", "seen"])(
    "#%s is visible",
    async (element) => {
      expect(await state(element, "visible")).toEqual(SATISFIED);
      await expect(state(element, "hidden")).rejects.toThrow("is visible");
    },
  );

  test.each(["empty", "folded", "in-folded", "faint", "unseen", "none"])("#%s is hidden", async (element) => {
    expect(await state(element, "hidden")).toEqual(SATISFIED);
    await expect(state(element, "visible")).rejects.toThrow("is not visible");
    expect(await state(element, "present")).toEqual(SATISFIED);
  });

  test("an element that is not there is hidden and absent, and nothing else", async () => {
    expect(await state("nowhere", "hidden")).toEqual(SATISFIED);
    expect(await state("nowhere", "absent")).toEqual(SATISFIED);
    for (const wanted of [
      "present",
      "visible",
      "enabled",
      "disabled",
      "unchecked",
      "not_editable",
    ] as const) {
      await expect(state("nowhere", wanted)).rejects.toThrow("there is no such element");
    }
  });

  test("an offset is from the top left corner; one axis alone leaves the other in the middle", async () => {
    await click("pad", { offset: { x: 10, y: 20 } });
    expect(await read("spot")).toBe("click 0 10,20");
    await click("pad", { offset: { y: 5 } });
    expect(await read("spot")).toBe("click 0 150,5");
  });

  test("an offset outside the element is told with its size", async () => {
    await expect(click("pad", { offset: { x: 301 }, timeoutMs: 200 })).rejects.toThrow(
      '<div id="pad"> is only 300 × 100 pixels large',
    );
  });

  test.each<[Partial<Press>, string]>([
    [{ clicks: 2 }, "dblclick 0 150,50"],
    [{ button: "right" }, "contextmenu 2 150,50"],
    [{ button: "middle" }, "auxclick 1 150,50"],
  ])("a press %j arrives as %s", async (press, event) => {
    await click("pad", press);
    const wait = { target: id("spot"), reading: { what: "text" }, timeoutMs: SOON } as const;
    const accept = (text: string | null) =>
      text === event || (event.startsWith("contextmenu") && text === "auxclick 2 150,50")
        ? undefined
        : `it is ${text}`;
    await waitForReading(wait, accept, context());
  });
});

describe("what stands in for an element", () => {
  beforeEach(() => open("/stand-ins"));

  test.each([
    ["wrapped-box", "a checkbox that is not drawn, by the label around it"],
    ["beside", "a checkbox that is out of view, by the label beside it"],
    ["terms", "a checkbox whose label is mostly a link, by the rest of the label"],
    ["wrapping", "a label"],
    ["far", "a checkbox that is drawn"],
    ["icon", "an icon that lets the pointer through to its button"],
  ])("a click on #%s: %s", async (element) => {
    await click(element);
    expect(await read("record")).toBe("clicks: 1, misses: 0");
  });

  test("an element that lets the pointer through to something else is not clicked", async () => {
    await expect(click("glass", { timeoutMs: 300 })).rejects.toThrow(
      '<div id="glass" class="through"> lets the pointer through to <div id="behind">',
    );
    expect(await read("record")).toBe("clicks: 0, misses: 0");
  });

  test("a label is as enabled, editable and checked as its control", async () => {
    expect(await state("off-label", "disabled")).toEqual(SATISFIED);
    await expect(click("off-label", { timeoutMs: 200 })).rejects.toThrow('<input id="off"> is disabled');
    expect(await state("note-label", "editable")).toEqual(SATISFIED);
    expect(await state("far-label", "unchecked")).toEqual(SATISFIED);
    await click("far-label");
    expect(await state("far-label", "checked")).toEqual(SATISFIED);
  });

  test("text for a label goes into its field", async () => {
    expect(await ask("note-label", { until: "typeable", text: "x" })).toMatchObject({ field: "empty" });
    await session.page.type("Hello", signal);
    expect(await read("note-label", { what: "value" })).toBe("Hello");
  });
});

describe("states", () => {
  beforeAll(() => open("/usable?delay=600000"));

  test.each<[string, PageState, PageState]>([
    ["in-set", "disabled", "enabled"],
    ["field-in-set", "disabled", "enabled"],
    ["in-legend", "enabled", "disabled"],
    ["in-toolbar", "disabled", "enabled"],
    ["exempt", "enabled", "disabled"],
    ["in-off", "disabled", "enabled"],
    ["disabled-option", "disabled", "enabled"],
    ["option", "enabled", "disabled"],
    ["area", "editable", "not_editable"],
    ["part", "editable", "not_editable"],
    ["fixed", "not_editable", "editable"],
    ["locked", "not_editable", "editable"],
    ["field-in-set", "not_editable", "editable"],
    ["file", "not_editable", "editable"],
    ["hidden", "not_editable", "editable"],
    ["here", "not_editable", "editable"],
    ["ticked", "checked", "unchecked"],
    ["unticked", "unchecked", "checked"],
    ["on", "checked", "unchecked"],
    ["mixed", "unchecked", "checked"],
    ["bare", "unchecked", "checked"],
    ["here", "present", "absent"],
  ])("#%s is %s, not %s", async (element, is, isNot) => {
    expect(await state(element, is)).toEqual(SATISFIED);
    await expect(state(element, isNot)).rejects.toThrow(NotSatisfied);
  });

  test("what can never be checked ends the wait at once", async () => {
    await expect(state("here", "checked", 60_000)).rejects.toThrow(Impossible);
  });

  test("a state is waited for", async () => {
    await open("/usable?delay=300");
    await state("in-set", "enabled", SOON);
    await state("here", "absent", SOON);
    await click("in-set");
    expect(await read("record")).toBe("clicks: 1, misses: 0");
  });

  test("a part of an editable region is replaced alone", async () => {
    await open("/usable");
    expect(await ask("part", { until: "typeable", text: "New" })).toMatchObject({ field: "selected" });
    await session.page.type("New", signal);
    expect(await read("region")).toMatch(/^New\s+Second part$/);
  });
});

describe("frames", () => {
  const enter = async (frame: string) => {
    await session.page.enterFrame(await findElement(id(frame), SOON, context()), signal);
  };

  test("what lies below the fold of a frame and of the page around it is scrolled to and hit", async () => {
    await open("/actionability/frames");
    await enter("frame");
    await click("high");
    await click("lower");
    await click("low");
    expect(await read("record")).toBe("clicks: 3, misses: 0");
    await session.page.leaveFrame("top", signal);
    expect(await read("record")).toBe("clicks: 0, misses: 0");
  });

  test("what is partly in view is hit there, without scrolling", async () => {
    await open("/actionability/frames");
    await ask("frame", { until: "scrolled" });
    const middle = Number(await scrolled("page-top", (top) => top > 1_000));
    await find({ until: "scrolled", by: { x: 0, y: -300 }, timeoutMs: 0 }, context());
    const partly = await scrolled("page-top", (top) => top === middle - 300);
    await enter("frame");
    await click("tall");
    expect(await read("record")).toBe("clicks: 1, misses: 0");
    await session.page.leaveFrame("top", signal);
    expect(await read("page-top")).toBe(partly);
  });

  test("a frame inside a frame", async () => {
    await open("/actionability/frames");
    await enter("frame");
    await enter("nested");
    await click("lower");
    await click("high");
    expect(await read("record")).toBe("clicks: 2, misses: 0");
  });

  test("a frame of another origin", async () => {
    await open(`/actionability/frames?other=${foreignSite.url}`);
    await enter("foreign");
    await click("high");
    await click("lower");
    expect(await read("record")).toBe("clicks: 2, misses: 0");
  });

  test.each(["frame", "foreign"])("typing goes into the frame that is current: %s", async (frame) => {
    const type = async (element: string, text: string) => {
      await ask(element, { until: "typeable", text });
      await session.page.type(text, signal);
    };
    await open(`/actionability/frames?other=${foreignSite.url}`);
    await type("outer-word", "out");
    await enter(frame);
    await type("word", "in");
    await session.page.leaveFrame("top", signal);
    await type("outer-word", "out again");
    await enter(frame);
    await type("word", "in again");
    expect(await read("word", { what: "value" })).toBe("in again");
    await session.page.leaveFrame("top", signal);
    expect(await read("outer-word", { what: "value" })).toBe("out again");
  });

  test("a click in a frame that moves between press and release is made again", async () => {
    await open("/frames/moving");
    await enter("frame");
    await pressDown("press");
    const moved = `async () => {
      while (document.title !== "Moved") await new Promise(requestAnimationFrame);
      return "";
    }`;
    await session.page.call(moved, "", signal);
    expect(await letGo()).toBe("what it moved away from");
    await click("press");
    expect(await read("record")).toBe("clicks: 1, misses: 0");
  });

  test("what something outside the frame covers is not clicked", async () => {
    await open("/actionability/frames");
    await session.page.resize({ width: 900, height: 80 }, signal);
    try {
      await enter("frame");
      await expect(click("low", { timeoutMs: 300 })).rejects.toThrow(
        '<button id="low" type="button"> is covered by <div id="bar">',
      );
    } finally {
      await session.page.resize({ width: 1280, height: 720 }, signal);
    }
  });
});

describe("a page that changes while it is waited for", () => {
  test.each([
    ["/late", "late"],
    ["/moving", "moving"],
    ["/halting", "halting"],
    ["/overlay", "covered"],
    ["/dodge", "dodging"],
    ["/shift", "shifting"],
    ["/disabled", "button"],
    ["/rerender", "fresh"],
    ["/long", "below"],
  ])("on %s, #%s is clicked once", async (path, element) => {
    await open(path);
    await click(element);
    expect(await read("record")).toBe("clicks: 1, misses: 0");
  });

  test("a second frame of the same moment does not tell that an element rests", async () => {
    await open("/commands/pointer");
    const moveWithEachMoment = `() => {
      const request = requestAnimationFrame, pad = document.querySelector("#pad");
      let frames = 0;
      globalThis.requestAnimationFrame = (draw) => {
        request(() => {
          if (++frames % 2 === 1) pad.style.marginLeft = frames + "px";
        });
        return request(() => draw(Math.ceil(frames / 2)));
      };
      return "";
    }`;
    await session.page.call(moveWithEachMoment, "", signal);
    await expect(ask("pad", { until: "pointable" }, 500)).rejects.toThrow('<div id="pad"> keeps moving');
  });

  test.each([
    ["takes its own button away", "pressed"],
    ["puts another in its button's place", "renewed"],
  ])("a press that %s is not repeated", async (_what, element) => {
    await open("/shift");
    await click(element);
    expect(await read("record")).toBe("clicks: 1, misses: 0");
  });

  test.each([
    ["replaced", "button.replaceWith(button.cloneNode(true))", "a newer one"],
    ["taken away", "button.remove()", ""],
  ])("between press and release, a button that is %s", async (_what, change, missedBy) => {
    await open("/rerender?delay=0");
    const evaluate = (code: string) =>
      session.page.call(`() => { const button = document.querySelector("#fresh"); ${code} }`, "", signal);
    await pressDown("fresh");
    await evaluate(`return new Promise((done) => setTimeout(() => { ${change}; done(""); }));`);
    expect(await letGo()).toBe(missedBy);
  });

  test("a click that missed is watched no longer than until the button is up", async () => {
    await open("/commands/pointer");
    const { point: to = { x: 0, y: 0 } } = await ask("pad", { until: "pointable", guard: "click" });
    const press = { type: "down", button: "left" } as const;
    await session.page.pointer([{ type: "move", to: { x: 1, y: 1 } }, press], signal);
    expect(await letGo()).toBe("<html>");
    await session.page.pointer([{ type: "move", to }, press], signal);
    await letGo();
    expect(await read("events")).toContain("mousedown button=0");
  });

  test("a disabled element can be pointed at, unlike clicked", async () => {
    await open("/disabled?delay=60000");
    const pointed = await ask("button", { until: "pointable", disabledToo: true });
    expect(pointed.point).toBeDefined();
    await expect(ask("button", { until: "pointable" }, 100)).rejects.toThrow("is disabled");
  });

  test("an element that rests while it is disabled can be clicked in the frame in which it no longer is", async () => {
    await open("/disabled?delay=60000");
    // Puts the script there.
    await state("button", "disabled");
    const framesBetween = await session.page.call(
      `async (request) => {
        let frame = 0, enabledIn = 0;
        const count = () => {
          if (++frame === 10) {
            document.querySelector("#button").disabled = false;
            enabledIn = frame;
          }
          requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
        const { outcome } = JSON.parse(await stepwirePage.find(request));
        return outcome + " after " + (frame - enabledIn);
      }`,
      JSON.stringify({ until: "pointable", target: id("button"), timeoutMs: SOON }),
      signal,
    );
    expect(framesBetween).toBe("satisfied after 0");
  });

  test("a navigation in the middle of the wait begins it again in the new document", async () => {
    await open("/slow-navigation");
    await click("go");
    expect(await state("message", "visible", SOON)).toEqual(SATISFIED);
  });
});

describe("readings", () => {
  test("a text is read at each change until it is accepted", async () => {
    await open("/text");
    await click("count");
    const seen: (string | null)[] = [];
    const wait = { target: id("counter"), reading: { what: "text" }, timeoutMs: SOON } as const;
    const accept = (text: string | null) => {
      seen.push(text);
      return text === "1" ? undefined : `its text is ${text}`;
    };
    expect(await waitForReading(wait, accept, context())).toBe("1");
    expect(seen.at(-1)).toBe("1");
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("a reading that is never accepted fails with what was wrong last", async () => {
    await open("/form");
    const wait = { target: id("name"), reading: { what: "value" }, timeoutMs: 200 } as const;
    const reading = waitForReading(wait, (value) => `its value is ${value}`, context());
    await expect(reading).rejects.toThrow(NotSatisfied);
    await expect(reading).rejects.toThrow("its value is Old value");
  });

  test("values, attributes, styles and titles", async () => {
    await open("/form");
    expect(await read("name", { what: "value" })).toBe("Old value");
    expect(await read("size", { what: "value" })).toBe("");
    expect(await read("name", { what: "attribute", name: "value" })).toBe("Old value");
    expect(await read("name", { what: "attribute", name: "nothing" })).toBeNull();
    expect(await read("submit", { what: "css", name: "cursor" })).toBe("pointer");
    const title = { until: "read", reading: { what: "title" }, timeoutMs: 0 } as const;
    expect(await find(title, context())).toMatchObject({ value: "Form" });
    await expect(read("form", { what: "value" })).rejects.toThrow(Impossible);
    await expect(read("name", { what: "css", name: "colour" })).rejects.toThrow(
      '"colour" is no CSS property',
    );
  });
});

describe("forms", () => {
  beforeEach(() => open("/forms"));

  test.each([
    ["plain", "plain: word=hello&how=first"],
    ["word", "plain: word=hello&how=first"],
    ["linked", "plain: word=hello&how=first"],
    ["bare-field", "bare: word=bare"],
  ])("submitting #%s sends %s", async (element, sent) => {
    await ask(element, { until: "submitted" });
    expect(await read("sent")).toBe(sent);
  });

  test("a form that is not filled in is not submitted, and what is missing is told", async () => {
    await expect(ask("strict", { until: "submitted" }, 200)).rejects.toThrow(
      '<input id="needed" name="needed"> is not filled in',
    );
    expect(await read("sent")).toBe("none");
  });

  test("what is in no form cannot be submitted", async () => {
    await expect(ask("outside", { until: "submitted" }, 60_000)).rejects.toThrow(Impossible);
  });

  test("exactly the named options of a list are chosen, and the page is told once", async () => {
    await ask("many", { until: "chosen", options: { by: "label", names: ["Plum", "Apple"] } });
    expect(await read("many", { what: "selected", by: "value" })).toBe('["a","c"]');
    expect(await read("events")).toBe("input change");
    await ask("many", { until: "chosen", options: { by: "index", names: [1] } });
    expect(await read("many", { what: "selected", by: "label" })).toBe('["Pear"]');
    await ask("many", { until: "chosen", options: { by: "value", names: ["b"] } });
    expect(await read("events")).toBe("input change input change");
    expect(await read("many", { what: "selected", by: "index" })).toBe("[1]");
  });

  test("a drop-down takes one option, and refuses several at once", async () => {
    await ask("one", { until: "chosen", options: { by: "value", names: ["y"] } });
    expect(await read("one", { what: "value" })).toBe("y");
    const several: Goal = { until: "chosen", options: { by: "value", names: ["x", "y"] } };
    await expect(ask("one", several, 60_000)).rejects.toThrow(Impossible);
  });

  test.each<[string, Goal, string]>([
    ["many", { until: "chosen", options: { by: "label", names: ["Fig"] } }, 'has only "Apple", "Pear"'],
    ["many", { until: "chosen", options: { by: "index", names: [9] } }, "has only 4 options"],
    ["many", { until: "chosen", options: { by: "value", names: ["d"] } }, 'the option "d" is disabled'],
  ])("on #%s, %j is told as: %s", async (element, goal, message) => {
    await expect(ask(element, goal, 200)).rejects.toThrow(message);
  });

  test("the focus is given and taken away, with the page's events", async () => {
    await ask("watched", { until: "focused" });
    await ask("watched", { until: "blurred" });
    expect(await read("events")).toBe("focus blur");
    await expect(ask("events", { until: "focused" }, 200)).rejects.toThrow("does not take the focus");
  });
});

describe("scrolling", () => {
  test("inside an element, to an element and the page", async () => {
    await open("/scrollers");
    await ask("outer", { until: "scrolled" });
    await scrolled("page-top", (top) => top > 500);
    await ask("outer", { until: "scrolled", by: { x: 0, y: 100 } });
    await scrolled("outer-top", (top) => top === 100);
    await ask("outer", { until: "scrolled", by: { x: 0, y: -30 } });
    await scrolled("outer-top", (top) => top === 70);
    await ask("outer", { until: "scrolled", to: "bottom" });
    await scrolled("outer-top", (top) => top > 1_000);
    await find({ until: "scrolled", to: "top", timeoutMs: 0 }, context());
    await scrolled("page-top", (top) => top === 0);
    await find({ until: "scrolled", to: "bottom", timeoutMs: 0 }, context());
    await scrolled("page-top", (top) => top > 2_000);
  });

  test("an element in which nothing is out of view cannot be scrolled inside", async () => {
    await open("/scrollers");
    await expect(ask("spot", { until: "scrolled", to: "top" }, 100)).rejects.toThrow(
      'nothing in <p id="spot"> is out of view',
    );
  });
});

describe("dialogs", () => {
  beforeEach(() => open("/actionability/dialogs"));

  test("a click that opens a dialog is done, and the dialog waits for its answer", async () => {
    await click("ask");
    expect(session.page.openDialog).toMatchObject({ kind: "confirm", message: "Really?" });
    await session.page.answerDialog({ accept: true }, signal);
    await waitForReading(
      { target: id("answer"), reading: { what: "text" }, timeoutMs: SOON },
      (text) => (text === "true" ? undefined : `it is ${text}`),
      context(),
    );
  });

  test("choosing what opens a dialog is done too", async () => {
    await ask("choice", { until: "chosen", options: { by: "label", names: ["Alerting"] } });
    expect(session.page.openDialog).toMatchObject({ kind: "alert", message: "Chosen" });
    await session.page.answerDialog({ accept: true }, signal);
    expect(await read("choice", { what: "value" })).toBe("Alerting");
  });

  test("a dialog that opens during a wait ends it, and tells what it says", async () => {
    await click("soon");
    const wait = state("nowhere", "present", 20_000);
    await expect(wait).rejects.toThrow(DialogInTheWay);
    await expect(wait).rejects.toThrow('an alert dialog is open: "Now"');
    await session.page.answerDialog({ accept: true }, signal);
  });

  test("a dialog that is open at the beginning does so as well", async () => {
    await click("ask");
    await expect(state("ask", "visible", 20_000)).rejects.toThrow('a confirm dialog is open: "Really?"');
    await session.page.answerDialog({ accept: false }, signal);
    expect(await state("ask", "visible", SOON)).toEqual(SATISFIED);
  });

  test("one that is answered as it opens is not in the way", async () => {
    session.page.armDialog({ accept: true });
    await click("soon");
    await expect(state("nowhere", "present", 600)).rejects.toThrow("there is no such element");
  });
});
