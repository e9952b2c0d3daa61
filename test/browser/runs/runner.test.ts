import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import type { ScriptOutcome } from "../../../src/runner/ports.js";
import { shopScenario } from "../../site/shop-scenario.js";
import { browsing, click, id, shows as text } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";

const PASSED = { verdict: "passed" };
const input = (value: string, typed: string): Command => ({ action: "input", ...id(value), text: typed });

describe.each(ROADS)("the runner over %s", (road) => {
  const browser = browsing(road, { isShared: true });
  const { open } = browser;
  const run = async (...commands: Command[]): Promise<ScriptOutcome> => (await browser.run(commands)).outcome;

  describe("waiting for the page", () => {
    test.each<[string, () => Command[]]>([
      [
        "an element that is rendered late",
        () => [open("/late"), click("late"), text("record", "clicks: 1, misses: 0")],
      ],
      [
        "a button that moves",
        () => [open("/moving"), click("moving"), text("record", "clicks: 1, misses: 0")],
      ],
      [
        "an overlay that covers the button",
        () => [open("/overlay"), click("covered"), text("record", "clicks: 1, misses: 0")],
      ],
      [
        "a button and a field that are enabled late",
        () => [
          open("/disabled"),
          input("field", "now"),
          click("button"),
          text("record", "clicks: 1, misses: 0"),
        ],
      ],
      [
        "a node that is replaced while it is waited for",
        () => [open("/rerender"), click("fresh"), text("record", "clicks: 1, misses: 0")],
      ],
      [
        "a button below the fold, under a sticky header and footer",
        () => [
          open("/long"),
          click("below"),
          click("bottom"),
          click("below"),
          text("record", "clicks: 3, misses: 0"),
        ],
      ],
      [
        "a navigation in the middle of the wait",
        () => [open("/slow-navigation"), click("go"), text("message", "This is the new page")],
      ],
      ["a document whose body comes late", () => [open("/slow?delay=300"), text("arrived", "Arrived")]],
      ["text that changes late", () => [open("/text"), click("count"), text("counter", "1")]],
    ])("%s", async (_what, commands) => {
      expect(await run(...commands())).toEqual(PASSED);
    });

    test("a click that hits what has just covered its button is made again, and what was hit never knows", async () => {
      expect(await run(open("/dodge"), click("dodging"), text("record", "clicks: 1, misses: 0"))).toEqual(
        PASSED,
      );
    });

    test("a click whose button moves between press and release is made again", async () => {
      expect(await run(open("/shift"), click("shifting"), text("record", "clicks: 1, misses: 0"))).toEqual(
        PASSED,
      );
    });

    test.skipIf(isFirefox)(
      "a button that answers the press by going away is pressed once (Firefox clicks what is behind)",
      async () => {
        expect(await run(open("/shift"), click("pressed"), text("record", "clicks: 1, misses: 0"))).toEqual(
          PASSED,
        );
      },
    );

    test("a slow picture keeps nothing waiting", async () => {
      expect(await run(open("/slow-image?delay=3000"), click("ready"), text("state", "loading"))).toEqual(
        PASSED,
      );
    });
  });

  describe("input", () => {
    test("replaces what a field held, with real key strokes", async () => {
      expect(
        await run(
          open("/form"),
          input("name", 'Zoë 👋🏽 "quoted"'),
          text("values", '"name": "Zoë 👋🏽 \\"quoted\\""'),
          text("events", "keydown name isTrusted=true"),
        ),
      ).toEqual(PASSED);
    });

    test("an empty text clears the field", async () => {
      expect(await run(open("/form"), input("name", ""), text("values", '"name": ""'))).toEqual(PASSED);
    });

    test("line breaks, numbers, e-mail addresses and long texts arrive as they are", async () => {
      const long = "0123456789".repeat(60);
      expect(
        await run(
          open("/form"),
          input("notes", "first\nsecond"),
          text("values", String.raw`first\nsecond`),
          input("notes", long),
          text("values", long),
          input("quantity", "42"),
          text("values", '"quantity": "42"'),
          input("email", "ada@example.test"),
          text("values", '"email": "ada@example.test"'),
        ),
      ).toEqual(PASSED);
    });

    test("a date is set as the value that its control holds", async () => {
      expect(
        await run(open("/form"), input("date", "2026-01-31"), text("values", '"date": "2026-01-31"')),
      ).toEqual(PASSED);
      expect(await run({ ...input("date", "31 January"), timeout: 0.2 } as Command)).toMatchObject({
        verdict: "failed",
        message: expect.stringContaining('it takes values such as "2026-01-31"') as string,
      });
    });

    test.each([
      ["fixed", "is read-only"],
      ["agree", "takes no text"],
      ["form", "takes no text"],
    ])("%s takes no text and says so", async (field, reason) => {
      expect(await run(open("/form"), { ...input(field, "x"), timeout: 0.2 } as Command)).toMatchObject({
        verdict: "failed",
        message: expect.stringContaining(reason) as string,
      });
    });
  });

  describe("select", () => {
    const select = (label: string): Command => ({ action: "select", ...id("size"), label, timeout: 0.3 });

    test("chooses by label and tells the page", async () => {
      expect(
        await run(
          open("/form"),
          select("Large"),
          text("values", '"size": "l"'),
          text("events", "change size"),
        ),
      ).toEqual(PASSED);
    });

    test.each([
      ["Huge", 'the list has only "Choose a size", "Small", "Medium", "Large", "Extra large"'],
      ["Extra large", 'the option "Extra large" is disabled'],
    ])("%s cannot be chosen", async (label, reason) => {
      expect(await run(open("/form"), select(label))).toMatchObject({
        verdict: "failed",
        message: expect.stringContaining(reason) as string,
      });
    });
  });

  describe("locators", () => {
    test.each<[Command & { action: "verify_element_present" }]>(
      (
        [
          ["id", "username"],
          ["name", "username"],
          ["css", "form input[type=password]"],
          ["xpath", "//label[text()='Username']"],
          ["tag", "form"],
        ] as const
      ).map(([locator_type, locator_value]) => [
        { action: "verify_element_present", locator_type, locator_value },
      ]),
    )("$locator_type", async (command) => {
      expect(await run(open("/login"), command)).toEqual(PASSED);
    });

    test("class, link_text and partial_link_text", async () => {
      const find = (
        locator_type: "class" | "link_text" | "partial_link_text",
        locator_value: string,
      ): Command => ({
        action: "verify_element_present",
        locator_type,
        locator_value,
      });
      const links = [find("link_text", "Go to the new page"), find("partial_link_text", "new page")];
      expect(await run(open("/slow-navigation"), ...links)).toEqual(PASSED);
      expect(await run(open("/secure"), find("class", "message"))).toEqual(PASSED);
    });

    test.each([
      ["css", "a[[b"],
      ["xpath", "//a["],
      ["xpath", "//h1/text()"],
    ] as const)("the %s %s is an error at once", async (locator_type, locator_value) => {
      const outcome = await run(open("/text"), { action: "click", locator_type, locator_value, timeout: 60 });
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining(
          `Command 2 (click) on ${locator_type} '${locator_value}': the locator is not valid`,
        ) as string,
      });
    });
  });

  describe("text", () => {
    test.each([
      ["plain", "visible"],
      ["nbsp", "Price: 12 €"],
      ["whitespace", "Several lines and spaces"],
      ["nested", "Hello brave new world"],
      ["unicode", "世界 👋🏽"],
      ["upper", "SHOUTED"],
      ["preformatted", "keeps   its"],
    ])("%s contains %j", async (element, expected) => {
      expect(await run(open("/text"), text(element, expected))).toEqual(PASSED);
    });

    test("what is not shown is not there, and the message tells what is", async () => {
      expect(await run(open("/text"), { ...text("mixed", "not seen"), timeout: 0.2 } as Command)).toEqual({
        verdict: "failed",
        command: 2,
        message:
          'Command 2 (verify_text) on id \'mixed\': expected text that contains "not seen" within 0.2 s, but its text is "Seen again".',
      });
    });
  });

  describe("commands that do not pass", () => {
    test.each([
      ["/form", "token", "is not visible"],
      ["/overlay?delay=60000", "covered", 'is covered by <div id="overlay">'],
      ["/disabled?delay=60000", "button", "is disabled"],
      ["/moving?delay=60000", "moving", "keeps moving"],
      ["/text", "nowhere", "there is no such element"],
    ])("on %s, %s %s", async (path, element, reason) => {
      const outcome = await run(open(path), { ...click(element), timeout: 0.5 } as Command);
      expect(outcome).toMatchObject({
        verdict: "failed",
        command: 2,
        message: expect.stringContaining(reason) as string,
      });
    });

    test("a server that refuses connections is an error, for the application could not be judged", async () => {
      const outcome = await run({ action: "navigate", url: "http://127.0.0.1:9/" });
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining("could not be opened") as string,
      });
    });

    test("a page in an endless loop ends as an error soon after the command's time", async () => {
      const started = performance.now();
      const outcome = await run(open("/hang"), click("hang"), { action: "wait", duration: 0.2 }, {
        ...text("state", "never"),
        timeout: 0.5,
      } as Command);
      // Calls take longer here, so the loop begins before the click's hit is known.
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringMatching(/^Command [24] .*but the page did not respond within \d/) as string,
      });
      expect(performance.now() - started).toBeLessThan(10_000);
      // The page hangs for good.
      await browser.restart();
    });
  });

  test("an alert that nobody handles does not stop the page where dialogs are dismissed", async () => {
    const script = [open("/alert"), click("alert"), text("answer", "Alert closed"), click("after")];
    const { outcome, logs } = await browser.run(script, { dialogs: "dismiss" });
    expect(outcome).toEqual(PASSED);
    expect(logs).toEqual([
      { level: "warning", message: 'Nobody answered the alert "Are you there?"; it was dismissed.' },
    ]);
  });

  test("the 24 commands of the shop", async () => {
    expect(await run(...shopScenario(browser.site.url))).toEqual(PASSED);
  });

  test("each session is a browser context of its own: a login does not outlive it", async () => {
    const login = [
      open("/login"),
      input("username", "tomsmith"),
      input("password", "SuperSecretPassword!"),
      { action: "click", locator_type: "css", locator_value: "button" } as const,
      {
        action: "verify_text",
        locator_type: "tag",
        locator_value: "body",
        expected_text: "You logged into",
      } as const,
    ];
    expect(await run(...login, open("/secure"), login[4] as Command)).toEqual(PASSED);
    await browser.restart();
    expect(await run(open("/secure"), { ...login[4], timeout: 0.3 } as Command)).toMatchObject({
      verdict: "failed",
    });
  });
});
