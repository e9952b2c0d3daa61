import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { SEEN, UNSEEN, type WorkPage } from "../../site/pages/sight.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

const go = by("css", ".go");
const button = (locator_name: string) => ({ ...by("role", "button"), locator_name });

describe.each(ROADS)("what people see and get at, over %s", (road) => {
  const browser = browsing(road, { isShared: true });
  const { open, pass, fail } = browser;
  const sight = (name: string) => open(`/sight?${encodeURIComponent(name)}`);
  const work = (name: WorkPage) => open(`/work?${encodeURIComponent(name)}`);
  const it = id("it");
  const field = id("field");
  const says = (text: string) => shows("o", text);

  /** The script in the page judges, whatever road its answer takes; another browser's page may judge otherwise. */
  const judgedHere = (names: string[]) => (road === "classic" ? names.slice(0, 5) : names);

  test.each(judgedHere(Object.keys(SEEN)))("people see it: %s", async (name) => {
    await pass(sight(name), { action: "verify_visible", ...it });
    await fail({ action: "verify_hidden", ...it, timeout: 0.1 });
  });

  test.each(judgedHere(Object.keys(UNSEEN)))("nobody sees it: %s", async (name) => {
    await pass(sight(name), { action: "verify_hidden", ...it });
    const message = await fail({ action: "verify_visible", ...it, timeout: 0.1 });
    expect(message).toContain("is not visible");
  });

  test.each<[WorkPage, Command]>([
    ["twins", { action: "click", ...by("link_text", "Log in") }],
    ["transparent twin", { action: "click", ...go }],
    ["a dialog over its twin", { action: "click", ...button("Delete") }],
    ["a dialog beside its backdrop", { action: "click", ...button("Delete") }],
    ["a modal dialog", { action: "click", ...by("text", "Delete") }],
    ["an inert twin", { action: "click", ...by("text", "Delete") }],
    ["a notice that goes away", { action: "click", ...by("tag", "button") }],
    ["a notice that stays", { action: "click", ...by("tag", "button") }],
    ["a hidden container", { action: "click", ...by("tag", "button"), within: by("class", "box") }],
    ["a bubble over the middle", { action: "click", ...it }],
    ["all but a corner", { action: "click", ...it }],
    ["half in its box", { action: "click", ...it }],
    ["a link over two lines", { action: "click", ...it }],
    ["shown under the pointer", { action: "click", ...it }],
  ])("a click goes where a person's would: %s", async (name, command) => {
    await pass(work(name), command, says("Right"));
  });

  test("the log tells that the first match was passed over, and why", async () => {
    const { logs } = await pass(work("twins"), { action: "click", ...by("css", "a") });
    expect(logs).toEqual([
      { level: "info", message: "Took match 2 of css 'a': of the first, <a> is not visible." },
    ]);
    const first = await pass(work("three twins"), click("a"), says("First"));
    expect(first.logs).toEqual([]);
  });

  test("a match under a bar is scrolled out from it, and not passed over", async () => {
    await pass(work("twins under a bar"), { action: "click", ...by("tag", "button") }, says("First"));
  });

  test("the match that is named by its number is meant, and no other", async () => {
    const message = await fail(work("twins"), { action: "click", ...by("css", "a"), nth: 0, timeout: 0.3 });
    expect(message).toContain("<a> is not visible");
  });

  test("typing and choosing take the match that a person would", async () => {
    await pass(
      work("fields with one name"),
      { action: "input", ...by("name", "q"), text: "tea" },
      says("Typed tea"),
      { action: "select", ...by("name", "s"), label: "L" },
      says("Chosen L"),
      work("a label and its field"),
      { action: "input", ...by("class", "name"), text: "Ada" },
      says("Typed Ada"),
    );
  });

  test("a strict locator finds one element that can be seen, or is refused with the candidates", async () => {
    await pass(work("twins"), { action: "click", ...by("css", "a"), strict: true }, says("Right"));
    const strict: Command[] = [work("three twins"), { action: "click", ...go, strict: true }];
    const { outcome } = await browser.run(strict);
    expect(outcome).toMatchObject({ verdict: "error" });
    expect("message" in outcome && outcome.message).toContain(
      'finds 2 elements that can be seen (<button id="a" class="go">, <button id="b" class="go">)',
    );
    const overridden: Command[] = [work("three twins"), { action: "click", ...go, strict: false }];
    expect((await browser.run(overridden, { strictLocators: true })).outcome.verdict).toBe("passed");
    const usual: Command[] = [work("three twins"), { action: "click", ...go }];
    expect((await browser.run(usual, { strictLocators: true })).outcome.verdict).toBe("error");
  });

  test("a check holds for one of the matches, and one that says that something is not so for all", async () => {
    await pass(
      work("three twins"),
      { action: "verify_visible", ...go },
      { action: "verify_text", ...by("tag", "button"), expected_text: "Go" },
      { action: "verify_element_present", ...go },
      work("twins"),
      { action: "verify_visible", ...by("tag", "a") },
      work("a label and its field"),
      { action: "verify_editable", ...by("class", "name") },
      { action: "verify_text", ...by("css", "label, #o"), expected_text: "Name" },
    );
    const hidden = await fail(work("twins"), { action: "verify_hidden", ...by("tag", "a"), timeout: 0.2 });
    expect(hidden).toContain("<a> is visible");
    await fail(work("twins"), { action: "verify_element_absent", ...by("tag", "a"), timeout: 0.2 });
    const said = await fail(work("a label and its field"), {
      action: "verify_text",
      ...by("css", "p, label"),
      expected_text: "Name",
      not: true,
      timeout: 0.2,
    });
    expect(said).toContain("Name");
  });

  test("nothing is scrolled that people cannot scroll", async () => {
    expect(await fail(work("next slide"), { ...click("it"), timeout: 0.5 } as Command)).toContain(
      "cuts it off",
    );
    await pass(
      { action: "verify_attribute", ...id("box"), attribute: "style" },
      work("half in a locked page"),
      click("it"),
      says("Right 0"),
    );
    await pass(work("locked page"));
    for (const command of [
      click("it"),
      { action: "input", ...field, text: "x" },
      { action: "select", ...id("list"), label: "L" },
      { action: "scroll", ...it },
    ] as Command[]) {
      const message = await fail({ ...command, timeout: 0.5 } as Command);
      expect(message).toContain("is not visible: it is where nobody can scroll to");
    }
  });

  test.each<[WorkPage, string]>([
    ["under a veil", "is covered by <div>"],
    ["inert", "is inert"],
    ["behind a modal dialog", 'is behind the dialog <dialog id="d">'],
    ["in a disabled fieldset", "is disabled"],
  ])("no input reaches what is %s", async (name, why) => {
    await pass(work(name));
    for (const command of [
      click("it"),
      { action: "input", ...field, text: "x" },
      { action: "clear", ...field },
      { action: "select", ...id("list"), label: "L" },
      { action: "check", ...id("tick") },
    ] as Command[]) {
      const message = await fail({ ...command, timeout: 1 } as Command);
      expect(message, command.action).toContain(why);
    }
  });

  describe("files", () => {
    let uploadsDir: string;
    beforeAll(async () => {
      uploadsDir = await mkdtemp(path.join(os.tmpdir(), "stepwire-sight-"));
      for (const name of ["a.txt", "b.txt"]) await writeFile(path.join(uploadsDir, name), name);
    });
    afterAll(() => rm(uploadsDir, { recursive: true, force: true }));

    const give = (field: string, file: string | string[] = "a.txt") =>
      ({ action: "upload_file", ...id(field), file, timeout: 0.5 }) satisfies Command;
    const outcomeOf = async (...commands: Command[]) => (await browser.run(commands, { uploadsDir })).outcome;

    test.each<[WorkPage, string]>([
      ["under a veil", "is covered by <div>"],
      ["inert", "is inert"],
      ["behind a modal dialog", 'is behind the dialog <dialog id="d">'],
      ["in a disabled fieldset", "is disabled"],
    ])("come into no field that is %s, seen or hidden", async (name, why) => {
      await pass(work(name));
      for (const field of ["file", "unseen"]) {
        expect(await outcomeOf(give(field)), field).toMatchObject({
          verdict: "failed",
          message: expect.stringContaining(why) as string,
        });
      }
    });

    test("come into fields that people see, also where the page takes them at once, and into hidden ones", async () => {
      const script = [
        work("file fields"),
        give("field"),
        says("Given 1"),
        give("unseen"),
        says("Photo a.txt"),
      ];
      expect(await outcomeOf(...script)).toEqual({ verdict: "passed" });
    });

    test("that the page refuses before it hears of them have not been given", async () => {
      expect(await outcomeOf(work("file fields"), give("refused"))).toMatchObject({
        verdict: "failed",
        message: expect.stringContaining("the field holds no file afterwards") as string,
      });
    });

    test("are not several for a field that takes one", async () => {
      expect(await outcomeOf(work("file fields"), give("field", ["a.txt", "b.txt"]))).toMatchObject({
        verdict: "failed",
        message: expect.stringContaining("takes one file only") as string,
      });
    });
  });

  test("fields are scrolled out from under a bar", async () => {
    await pass(
      work("under a bar"),
      { action: "input", ...field, text: "tea" },
      says("Typed tea"),
      work("under a bar"),
      { action: "select", ...id("list"), label: "L" },
      says("Chosen L"),
    );
  });

  test("fields that let what is drawn below shine through are used", async () => {
    await pass(
      work("transparent fields"),
      { action: "input", ...field, text: "42" },
      says("Typed 42"),
      { action: "select", ...id("list"), label: "L" },
      says("Chosen L"),
      { action: "check", ...id("tick") },
      says("Ticked"),
    );
  });

  test("a transparent element that no pointer brings to light is not pressed", async () => {
    const message = await fail(work("never shown"), { ...click("it"), timeout: 0.5 } as Command);
    expect(message).toContain("it is transparent");
    await pass({ ...says(""), match: "equals" } as Command);
  });

  test.each(["rect", "circle", "poly"])(
    "an area of an image is pressed inside its shape: %s",
    async (area) => {
      await pass(work("an image map"), click(area), says(area));
    },
  );

  test("an area of a scaled image further down is pressed", async () => {
    await pass(work("a scaled image map"), click("circle"), says("circle"));
  });

  test("pressing an option of a closed list chooses it as people do", async () => {
    await pass(
      work("lists"),
      click("large"),
      says("Chosen Large"),
      { action: "verify_attribute", ...id("list"), attribute: "data-typed", expected_value: "1" },
      work("lists"),
      click("list"),
      click("large"),
      says("Chosen Large"),
      click("order"),
      says("Ordered Large"),
      click("two"),
      says("Chosen Two"),
    );
    await pass(work("lists"));
    for (const [option, why] of [
      ["off", "is disabled"],
      ["grouped", "is disabled"],
      ["gone", "is not visible"],
      ["group", "heading of options"],
    ] as const) {
      expect(await fail({ ...click(option), timeout: 0.2 } as Command)).toContain(why);
    }
  });

  test.each(["arc", "group", "ring"])("a part of a drawing is pressed on its lines: %s", async (part) => {
    await pass(work("drawings"), click(part), says(part));
  });

  test("custom elements are found by their labels, and typed into", async () => {
    await pass(
      work("custom elements"),
      { action: "input", ...by("label", "City"), text: "Rome" },
      says("city Rome"),
      { action: "input", ...by("label", "Street"), text: "Via" },
      says("street Via"),
      { action: "input", ...by("label", "Note"), text: "Hi" },
      says("note Hi"),
      { action: "check", ...id("tick") },
      says("ticked true"),
      { action: "verify_checked", ...id("tick") },
    );
  });
});
