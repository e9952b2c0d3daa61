import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

const label = (locator_value: string) => by("label", locator_value);
const css = (locator_value: string) => by("css", locator_value);
const role = (locator_value: string, locator_name: string) => ({
  ...by("role", locator_value),
  locator_name,
});

type Locator = ReturnType<typeof by>;

const fill = (field: Locator, text: string): Command => ({ action: "input", ...field, text });
const press = (element: Locator): Command => ({ action: "click", ...element });
const keys = (...chords: string[]): Command[] =>
  chords.map((chord) => ({ action: "press_key", keys: chord }));
const value = (field: Locator, expected_value: string): Command => ({
  action: "verify_value",
  ...field,
  expected_value,
});
const reads = (element: Locator, expected_text: string): Command => ({
  action: "verify_text",
  ...element,
  expected_text,
  match: "equals",
});
/** The application's own state. */
const state = (expected_text: string): Command => reads(id("state"), expected_text);
/** The words of dnd-kit for people who cannot see the drag; it shows nothing of them. */
const announced = (words: string): Command => ({
  action: "wait_for",
  ...by("xpath", `//*[starts-with(@id, "DndLiveRegion")][contains(., "${words}")]`),
  state: "present",
});

describe.each(ROADS)("widgets from npm over %s", (road) => {
  const browser = browsing(road, { isShared: true });
  const { run, pass } = browser;

  /** Opens the page of a widget when its bundle is made: that, and reading its megabytes, may take a busy machine long. */
  const widget = async (name: string, query = ""): Promise<Command> => {
    await (await fetch(`${browser.site.url}/widgets/${name}.js`)).arrayBuffer();
    return { action: "navigate", url: `${browser.site.url}/widgets/${name}${query}`, timeout: 20 };
  };

  test("React's controlled inputs hold what people type, as the application changes it", async () => {
    await pass(
      await widget("react"),
      fill(label("Name"), "Grace Hopper"),
      fill(label("Code"), "ab-12 c"),
      value(label("Code"), "AB12C"),
      fill(label("About"), "Two\nlines"),
      { action: "select", ...label("Size"), label: "Large" },
      { action: "check", ...label("Member") },
      fill(label("Day"), "2026-01-31"),
      reads(id("greeting"), "Hello Grace Hopper"),
      state(
        '{"name":"Grace Hopper","code":"AB12C","about":"Two\\nlines","size":"l","isMember":true,"day":"2026-01-31"}',
      ),
      { action: "clear", ...label("Name") },
      { action: "uncheck", ...label("Member") },
      reads(id("greeting"), "Hello nobody"),
    );
  });

  test("react-select: an option is clicked, searched for, cleared, and several are chosen", async () => {
    await pass(
      await widget("react-select"),
      press(label("City")),
      press(role("option", "Lisbon")),
      reads(css(".city [class$=singleValue]"), "Lisbon"),
      state("lisbon"),
      fill(label("City"), "Vie"),
      ...keys("Enter"),
      state("vienna"),
      fill(label("Stops"), "pa"),
      press(role("option", "Paris")),
      press(label("Stops")),
      press(role("option", "Oslo")),
      state("vienna paris oslo"),
      press(role("button", "Remove Paris")),
      state("vienna oslo"),
    );
  });

  test("CodeMirror: code is replaced, gone on with by keys, and read", async () => {
    await pass(
      await widget("codemirror"),
      reads(css(".cm-content"), "let old = 1; let older = 2;"),
      { action: "edit_content", ...label("Code"), text: "const x = 1;" },
      state("const x = 1;"),
      ...keys("Enter", "y"),
      state("const x = 1; y"),
    );
  });

  test("CodeMirror: the lines that are not drawn are replaced too", async () => {
    await pass(
      await widget("codemirror", "?long"),
      reads(css(".cm-line"), "line 1"),
      { action: "edit_content", ...label("Code"), text: "short" },
      state("short"),
    );
  });

  test.each([
    ["its edit context", ""],
    ["its hidden text area", "?textarea"],
  ])("Monaco, with %s: code is replaced, gone on with by keys, and read", async (_, query) => {
    await pass(
      await widget("monaco", query),
      state("ready"),
      { action: "edit_content", ...css(".monaco-editor"), text: "const x = 1;" },
      state("const x = 1;"),
      reads(css(".view-lines"), "const x = 1;"),
      ...keys("Enter", "y"),
      state("const x = 1; y"),
      fill(label("Code"), "first\nsecond line"),
      state("first second line"),
      { action: "clear", ...css(".monaco-editor") },
      state(""),
    );
  });

  test("a secret goes into Monaco as a whole, and no key takes a part of it away", async () => {
    const { RunVariables } = await import("../../../src/runner/variables.js");
    const opening = await widget("monaco");
    const secret = (field: Locator): Command[] => [
      opening,
      fill(field, "${secret.KEY}"),
      ...keys("Backspace"),
    ];
    const messageOf = async (commands: Command[]): Promise<unknown> => {
      const variables = new RunVariables({ env: {}, secrets: { KEY: "correct horse" } });
      const { outcome } = await run(commands, { variables });
      return outcome;
    };
    expect(await messageOf(secret(label("Code")))).toMatchObject({
      verdict: "error",
      command: 2,
      message: expect.stringContaining("name the whole editor"),
    });
    expect(await messageOf(secret(css(".monaco-editor")))).toMatchObject({
      verdict: "error",
      command: 3,
      message: expect.stringContaining("was typed from a secret"),
    });
  });

  test("Quill: text is replaced, made bold by the toolbar, and read", async () => {
    await pass(
      await widget("quill"),
      reads(css(".ql-editor"), "Old words"),
      { action: "edit_content", ...css(".ql-editor"), text: "New words" },
      state("<p>New words</p>"),
      ...keys("Control+A"),
      press(css(".ql-bold")),
      state("<p><strong>New words</strong></p>"),
    );
  });

  test("ProseMirror: text is replaced, made bold by a chord, and read", async () => {
    await pass(
      await widget("prosemirror"),
      reads(label("Letter"), "Old words"),
      { action: "edit_content", ...label("Letter"), text: "New words" },
      state('doc(paragraph("New words"))'),
      ...keys("Control+A", "Control+B"),
      state('doc(paragraph(strong("New words")))'),
    );
  });

  test("flatpickr: a day is picked in the calendar, and typed where that is allowed", async () => {
    await pass(
      await widget("flatpickr"),
      press(label("Day")),
      press(css(".flatpickr-calendar.open .flatpickr-next-month")),
      press(css('.flatpickr-calendar.open [aria-label="February 14, 2026"]')),
      value(label("Day"), "2026-02-14"),
      state("day 2026-02-14"),
      fill(label("Typed day"), "2027-03-04 05:06"),
      ...keys("Enter"),
      state("typed 2027-03-04 05:06"),
      value(label("Typed day"), "2027-03-04 05:06"),
    );
  });

  test("imask: the mask shapes what people type", async () => {
    await pass(
      await widget("imask"),
      fill(label("Phone"), "7700900123"),
      value(label("Phone"), "+44 7700 900123"),
      fill(label("Amount"), "1234567.891"),
      value(label("Amount"), "1,234,567.89"),
      state("447700900123 1234567.89"),
      fill(label("Phone"), "2079460000"),
      value(label("Phone"), "+44 2079 460000"),
    );
  });

  test("dnd-kit: items change places by pointer and by keys, and a card goes into a bin", async () => {
    await pass(
      await widget("dnd-kit"),
      { action: "drag_and_drop", ...id("one"), to: id("three") },
      state("two three one"),
      { action: "press_key", ...id("one"), keys: "Space" },
      // The keys have a meaning once the item has been picked up, and once it has moved.
      announced("was moved over droppable area one"),
      ...keys("ArrowUp"),
      announced("was moved over droppable area three"),
      ...keys("Space"),
      state("two one three"),
      { action: "drag_and_drop", ...id("card"), to: id("bin") },
      state("two one three binned"),
    );
  });

  test("TanStack Table: it is sorted, filtered, paged, and rows are picked", async () => {
    await pass(
      await widget("tanstack-table"),
      reads(css("tbody tr:first-child"), "1 Person 000 Paris"),
      press(by("xpath", "//th[.='Number']")),
      reads(css("tbody tr:first-child td:nth-child(2)"), "200"),
      fill(id("city"), "vie"),
      reads(css("tbody tr:first-child"), "198 Person 089 Vienna"),
      { action: "check", ...label("Pick Person 089") },
      press(role("button", "Next")),
      { action: "verify_count", ...css("tbody tr"), expected_count: 10 },
      { action: "check", ...css("tbody tr:last-child input") },
      state("Person 180, Person 089"),
    );
  });

  test("Mantine: fields, a searched list, a switch, a slider and a modal", async () => {
    await pass(
      await widget("mantine"),
      fill(label("Name"), "Ada"),
      fill(label("Count"), "12"),
      press(label("Size")),
      fill(label("Size"), "Lar"),
      press(role("option", "Large")),
      value(label("Size"), "Large"),
      { action: "check", ...label("Gift") },
      { action: "press_key", ...role("slider", "Price"), keys: "ArrowRight" },
      press(role("button", "Order")),
      press(role("button", "Yes")),
      state('{"name":"Ada","count":12,"size":"Large","isGift":true,"price":11,"isSent":true}'),
      { action: "verify_hidden", ...role("button", "Yes") },
    );
  });

  test("MUI: fields, a list, a searched list, a switch, a slider and a dialog", async () => {
    await pass(
      await widget("mui"),
      fill(label("Name"), "Ada"),
      press(role("combobox", "Size")),
      press(role("option", "Large")),
      reads(role("combobox", "Size"), "Large"),
      fill(label("City"), "Ly"),
      press(role("option", "Lyon")),
      value(label("City"), "Lyon"),
      { action: "check", ...label("Gift") },
      { action: "drag_and_drop", ...css(".MuiSlider-thumb"), to: css(".MuiSlider-root") },
      ...keys("ArrowRight"),
      press(role("button", "Order")),
      press(role("button", "Yes")),
      state('{"name":"Ada","size":"Large","city":"Lyon","isGift":true,"price":51,"isSent":true}'),
      { action: "verify_hidden", ...role("button", "Yes") },
    );
  });

  test("Shoelace: fields, a list, a switch, a slider and a dialog in shadow roots", async () => {
    await pass(
      await widget("shoelace"),
      fill(label("Name"), "Ada"),
      fill(label("About"), "Mathematician"),
      press(label("Size")),
      press(role("option", "Large")),
      { action: "check", ...role("checkbox", "Member") },
      { action: "check", ...role("switch", "News") },
      fill(label("Price"), "40"),
      click("open"),
      press(role("button", "Yes")),
      state(
        '{"name":"Ada","about":"Mathematician","size":"l","member":true,"news":true,"price":40,"isSent":true}',
      ),
      { action: "verify_hidden", ...role("button", "Yes") },
    );
  });
});
