import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, id } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

const isText = (element: string, expected_text: string, match: "equals" | "raw" = "equals"): Command => ({
  action: "verify_text",
  ...id(element),
  expected_text,
  match,
});
const isEmpty = (element: string): Command => ({
  action: "verify_text",
  ...id(element),
  expected_text: "[^\\s]",
  match: "regex",
  not: true,
});
const lacks = (element: string, ...texts: string[]): Command[] =>
  texts.map((expected_text) => ({ action: "verify_text", ...id(element), expected_text, not: true }));

type Place = Partial<Record<"locator_name", string>> & Record<"locator_type" | "locator_value", string>;
const role = (locator_value: string, locator_name: string): Place => ({
  locator_type: "role",
  locator_value,
  locator_name,
});
/** Finds an element by a text, and tells it by its id. */
const finds = (place: Place, element: string) =>
  ({ action: "verify_attribute", ...place, attribute: "id", expected_value: element }) as Command;
const findsNone = (place: Place) => ({ action: "verify_element_absent", ...place }) as Command;

describe.each(ROADS)("texts as people see them over %s", (road) => {
  const { open, pass, fail } = browsing(road, { isShared: true });
  const seen = () => open("/seen-text");

  test("parts that show nothing do not count", async () => {
    await pass(
      seen(),
      isText("faded", "Paid today"),
      isText("cut", "Paid now"),
      isEmpty("within-faded"),
      isEmpty("in-faded"),
      isText("hidden-ways", "Seen"),
      isText("escapes", "Fixed"),
      isText("some-visible", "but this"),
      isText("closed", "Terms"),
      isEmpty("small-print"),
      isEmpty("gone"),
      isText("list", "Medium"),
      isText("box", "Red Green"),
      isText("buttons", "Send it"),
      ...lacks("unseen", "Paid not", "faded box", "gone", "tiny", "readers", "far", "Small print", "Large"),
    );
  });

  test("a text that fades in is waited for, and one that cannot be seen is not reported", async () => {
    const message = await fail(seen(), {
      action: "verify_text",
      ...id("faded"),
      expected_text: "not",
      timeout: 0.3,
    });
    expect(message).toContain('but its text is "Paid today"');
  });

  test("shadow roots and slots are parts of it, as they are drawn", async () => {
    await pass(
      seen(),
      isText("card", "Order 17: Kettle – shipped"),
      isText("row", "Order 17: Kettle – shipped"),
      isText("shadow", "Order 17: Kettle – shipped"),
      { action: "verify_text", ...by("tag", "body"), expected_text: "Order 17: Kettle – shipped" },
      ...lacks("shadow", "Nowhere", "Cancelled"),
      finds(by("text", "Order 17: Kettle – shipped"), "row"),
      finds(by("text", "Kettle"), "light"),
      { action: "store_text", ...id("card"), variable: "card" },
      {
        action: "verify_variable",
        variable: "card",
        expected_value: "Order 17: Kettle – shipped",
        match: "raw",
      },
    );
  });

  test("content that is laid out only once it is scrolled near counts", async () => {
    await pass(
      seen(),
      isText("far", "Directly far Far away"),
      isText("far-away", "Far away"),
      { action: "verify_text", ...by("tag", "body"), expected_text: "Directly far Far away" },
      finds(by("text", "Far away"), "far-away"),
    );
  });

  test("signs that cannot be seen make no difference, unless each character counts", async () => {
    await pass(
      seen(),
      isText("hyphens", "Benutzerverwaltung"),
      isText("accents", "Café au lait"),
      isText("direction", "Total: 1,234.50 ₪"),
      isText("hyphens", "Benutzer\u00adverwaltung", "raw"),
      { ...isText("hyphens", "Benutzerverwaltung", "raw"), not: true } as Command,
      finds(by("text", "Benutzerverwaltung"), "hyphens"),
      finds(by("text", "Café au lait"), "accents"),
      finds(by("link_text", "Rechtsschutz"), "soft-link"),
      finds(by("partial_link_text", "tsschu"), "soft-link"),
      finds(role("button", "SpeichernSchließen"), "zero-width"),
      finds(role("heading", "Benutzerverwaltung"), "hyphens"),
    );
    const raw = { ...isText("hyphens", "Benutzerverwaltung", "raw"), timeout: 0.2 } as Command;
    expect(await fail(seen(), raw)).toContain(
      String.raw`expected text that is exactly "Benutzerverwaltung" within 0.2 s, but its text is "Benutzer\u00adverwaltung"`,
    );
  });

  test("what decorates a name does not keep it from being found", async () => {
    await pass(
      seen(),
      finds(role("button", "Save"), "with-icon"),
      finds(by("text", "Save"), "with-icon"),
      finds(role("button", "Options"), "with-arrow"),
      finds(role("button", "Motto"), "with-quotes"),
      finds(role("button", "Inbox"), "with-badge"),
      finds(role("button", "Inbox3"), "with-badge"),
      finds(role("button", "Next"), "with-readers"),
      finds(role("button", "Next page of results"), "with-readers"),
      finds(role("button", "Favourite"), "with-star"),
      finds(by("label", "E-mail"), "mail"),
      finds(role("textbox", "E-mail"), "mail"),
      finds(by("label", "Phone"), "needed"),
      finds(role("textbox", "Phone"), "needed"),
      finds(by("label", "Street"), "colon"),
      finds(by("label", "Street: *"), "colon"),
      finds(by("label", "First name"), "broken"),
      finds(by("label", "Date of birth"), "split"),
      finds(by("label", "Size"), "in-label"),
    );
  });

  test("an element that has the very name goes before one whose name is decorated", async () => {
    await pass(
      seen(),
      finds(role("button", "Reload"), "exact"),
      finds(by("text", "Reload"), "exact"),
      { action: "verify_count", ...role("button", "Reload"), expected_count: 1 } as Command,
      finds(role("button", "Reload ›"), "exact-last"),
      findsNone(role("button", "Rel")),
      findsNone(role("button", "page of results")),
      findsNone(by("text", "Order 17 ship")),
    );
  });

  test("a text is found over blocks and line breaks, with the parts for screen readers and without", async () => {
    await pass(
      seen(),
      finds(by("text", "Order 17 shipped"), "order"),
      finds(by("link_text", "Order 17 shipped"), "order"),
      finds(by("text", "Ship today"), "line-break"),
      finds(by("text", "Back"), "reader-part"),
      finds(by("text", "Back to the list of orders"), "reader-part"),
      finds(by("text", "Delete for good"), "reader-middle"),
      finds(by("text", "Delete order 17 for good"), "reader-middle"),
      finds(by("text", "Basket"), "ligature"),
    );
  });
});
