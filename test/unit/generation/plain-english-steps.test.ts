import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import { fromDescriptions } from "../../support/told.js";
import { literalXPath } from "../../../src/generation/plain-english/names.js";
import { AppError } from "../../../src/protocol/errors.js";
import { MAX_DESCRIPTION_LENGTH } from "../../../src/protocol/limits.js";
import { parseScript } from "../../../src/protocol/script.js";

const generator = fromDescriptions(new PlainEnglishGenerator());
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

/** The steps of a description, each as its description, its expected result and its actions. */
async function stepsOf(description: string): Promise<[string, string, string][]> {
  const { steps } = await generator.generateCase(description, context);
  return steps.map((step) => [
    step.description,
    step.expectedResult,
    step.commands.map(({ action }) => action).join(" "),
  ]);
}

describe("steps of prose", () => {
  it("begin with the whole login and its checks", async () => {
    const steps = await stepsOf(
      "Open https://a.test/login. Type tom into Username. Type secret into Password. Click the Login button. " +
        'Check that the page shows "You are in!". Click Orders. Click the Logout button. The page should show Bye.',
    );
    expect(steps).toEqual([
      [
        "Open https://a.test/login. Type tom into Username. Type secret into Password. Click the Login button",
        'The page shows "You are in!"',
        "navigate input input click verify_text",
      ],
      ["Click Orders. Click the Logout button", "The page shows Bye", "click click verify_text"],
    ]);
  });

  it("begin with the login told in one sentence", async () => {
    const steps = await stepsOf("Open http://a.test and log in as tom with password secret. Click Orders.");
    expect(steps).toEqual([
      [
        "Open http://a.test. Log in as tom with password secret",
        "The login is sent",
        "navigate input input click",
      ],
      ["Click Orders", "The click succeeds", "click"],
    ]);
  });

  it("reach the login by a click or two", async () => {
    const steps = await stepsOf(
      "Open http://a.test. Click Accept. Click Sign in. Enter tom in User. Enter x in Password. Tick Remember me. " +
        "Press Sign in. Click Orders.",
    );
    expect(steps.map(([, , actions]) => actions)).toEqual([
      "navigate click click input input check click",
      "click",
    ]);
  });

  it("do not take a password that is entered later for the login", async () => {
    const steps = await stepsOf(
      "Open http://a.test. Click A. Click B. Click C. Enter x in Password. Click Save. Check that the page shows Saved.",
    );
    expect(steps.map(([, , actions]) => actions)).toEqual([
      "navigate",
      "click click click input click verify_text",
    ]);
  });

  it("begin with the opening alone when there is no login", async () => {
    const steps = await stepsOf("Open http://a.test. Click A. The page shows B. The page shows C. Click D.");
    expect(steps).toEqual([
      ["Open http://a.test", "The page is open", "navigate"],
      ["Click A", "The page shows B. The page shows C", "click verify_text verify_text"],
      ["Click D", "The click succeeds", "click"],
    ]);
  });

  it("read Gherkin", async () => {
    const steps = await stepsOf(
      'Given I am on http://a.test/login\nWhen I enter "tom" in the Username field\nAnd I enter "x" into the Password ' +
        'field\nAnd I click on the Login button\nThen I should see "Welcome"\nAnd I should see the Logout link\n' +
        "When I click the Products link\nThen the page should show Products",
    );
    expect(steps.map(([, , actions]) => actions)).toEqual([
      "navigate input input click verify_text verify_visible",
      "click verify_text",
    ]);
  });

  it("go on in the next line where a sentence does", async () => {
    const steps = await stepsOf("Open http://a.test\nType tom\ninto Username\nand click Save");
    expect(steps.map(([, , actions]) => actions)).toEqual(["navigate", "input click"]);
  });
});

describe("steps of a list", () => {
  const items = [
    "Open http://a.test",
    "Type tom into Username",
    "Click Save",
    'Check that the page shows "Saved".',
  ];
  it.each([
    ["1. 2.", (item: string, number: number) => `${number}. ${item}`, "\n"],
    ["1) 2)", (item: string, number: number) => `  ${number}) ${item}`, "\r\n"],
    ["dashes", (item: string) => `- ${item}`, "\n\n"],
    ["Step 1:", (item: string, number: number) => `Step ${number}: ${item}`, "\n"],
    ["one line", (item: string, number: number) => `${number}. ${item}`, " "],
    [
      "a heading",
      (item: string, number: number) => `${number === 1 ? "Steps:\n" : ""}${number}. ${item}`,
      "\n",
    ],
  ])("are its items (%s)", async (_, mark, between) => {
    const list = items.map((item, index) => mark(item, index + 1)).join(between);
    expect(await stepsOf(list)).toEqual([
      ["Open http://a.test", "The page is open", "navigate"],
      ["Type tom into Username", "The values are filled in", "input"],
      ["Click Save", "The click succeeds", "click"],
      ['Check that the page shows "Saved"', "The page shows Saved", "verify_text"],
    ]);
  });

  it("begin with the login, and what stands below an item belongs to it", async () => {
    const steps = await stepsOf(
      "1. Open http://a.test/login\n2. Type tom into Username\n3. Type x into Password\n4. Click Login\n" +
        '   Expected: the page shows "Welcome"\n5. Click Orders\n   Expected result: the page shows Orders\n6. Wait 1 second',
    );
    expect(steps.map(([, expected, actions]) => [expected, actions])).toEqual([
      ['The page shows "Welcome"', "navigate input input click verify_text"],
      ["The page shows Orders", "click verify_text"],
      ["The wait is over", "wait"],
    ]);
  });

  it("keep an item with several sentences whole", async () => {
    const steps = await stepsOf(
      "- Open http://a.test\n- Click A. The page shows B. Click C, then check that D is shown.",
    );
    expect(steps.map(([, , actions]) => actions)).toEqual([
      "navigate",
      "click verify_text click verify_text",
    ]);
  });

  it("name an item that is not understood", async () => {
    const { steps, warnings } = await generator.generateCase(
      "1. Open http://a.test\n2. Dance\n3. Click A",
      context,
    );
    expect(steps.map(({ commands }) => commands.map(({ action }) => action))).toEqual([
      ["navigate"],
      ["not_understood"],
      ["click"],
    ]);
    expect(steps[1]).toMatchObject({ description: "Dance", warnings: ["Not understood: “Dance”."] });
    expect(warnings).toEqual(["Not understood: “Dance”."]);
  });
});

describe("the script of one step", () => {
  const generate = async (description: string, expectedResult: string): Promise<unknown> => {
    const { commands, warnings } = await generator.generateStep({ description, expectedResult }, context);
    return [commands.map(({ action }) => action).join(" "), warnings];
  };

  it("checks what the expected result says plainly", async () => {
    expect(await generate("Click Login", "Welcome is shown")).toEqual(["click verify_text", []]);
    expect(await generate("Click Login", 'The page shows "Hi" and the Logout link is visible.')).toEqual([
      "click verify_text verify_visible",
      [],
    ]);
  });

  it("cannot pass with an expected result that is not understood", async () => {
    expect(await generate("Click Login", "The login succeeds")).toEqual([
      "click not_understood",
      ["Not understood: “The login succeeds”."],
    ]);
    expect(await generate("Click Login", "")).toEqual(["click", []]);
    expect(await generate("Click Login", "The click succeeds")).toEqual(["click", []]);
  });

  it("does not check the same twice", async () => {
    expect(await generate("Click Login. Check that the page shows Hi.", "The page shows Hi")).toEqual([
      "click verify_text",
      [],
    ]);
  });

  it("refuses a step that gives no command", async () => {
    await expect(generate("Dance", "Everyone is happy")).rejects.toMatchObject({
      code: "invalid_description",
    });
  });
});

describe("XPaths", () => {
  it.each([
    ["plain", "'plain'"],
    ["it's", `"it's"`],
    ['say "hi"', `'say "hi"'`],
    [`it's "hi"`, `concat('it',"'",'s "hi"')`],
    [`'"`, `concat('',"'",'"')`],
  ])("write %s as a string", (text, expected) => {
    expect(literalXPath(text)).toBe(expected);
  });
});

describe("any input", () => {
  const words = fc.constantFrom(
    ...[
      "Open",
      "http://a.test/x.",
      "/path",
      "Type",
      "into",
      "in",
      "and",
      "then",
      "Click",
      "the",
      "button",
      "Login.",
    ],
    ...[
      "Select",
      "from",
      "Check",
      "that",
      "page",
      "shows",
      "is shown",
      "Log in as",
      "password",
      "Wait",
      "2",
      "seconds",
    ],
    ...[
      "Press",
      "Ctrl+A",
      "Scroll",
      "Drag",
      "Upload a.txt",
      "Accept the alert",
      "Switch to",
      "window",
      "URL",
      "title",
    ],
    ...[
      "is not",
      "no longer",
      "visible",
      "checked",
      "enabled",
      "There are",
      "3",
      "buttons",
      "field",
      "disappears",
    ],
    ...[
      '"quoted, text."',
      "'it's'",
      "“",
      '"',
      "'",
      "#id",
      "css=a[b='c d']",
      "xpath=//a[",
      "id=",
      "\n",
      "1.",
      "- ",
      "2)",
    ],
    ...[
      ",",
      ";",
      ".",
      "!",
      "not",
      "no",
      "with",
      "to",
      "Set",
      "Username",
      "import os",
      "driver.get(",
      "é",
      "ß",
      "😀",
      "\u0000",
    ],
  );
  const sentences = fc.array(words, { maxLength: 40 }).map((parts) => parts.join(" "));
  const texts = fc.oneof(
    sentences,
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({ maxLength: 200 }),
  );

  it("gives valid steps or invalid_description", async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (description, expectedResult) => {
        for (const generate of [
          async () => (await generator.generateCase(description, context)).steps,
          async () => [
            { description, ...(await generator.generateStep({ description, expectedResult }, context)) },
          ],
        ]) {
          const steps = await generate().catch((error: unknown) => error);
          if (!Array.isArray(steps)) {
            expect(steps).toBeInstanceOf(AppError);
            expect(steps).toHaveProperty("code", "invalid_description");
            continue;
          }
          expect(steps.length).toBeGreaterThan(0);
          for (const { commands } of steps) expect(parseScript(commands)).toEqual(commands);
        }
      }),
      { numRuns: 500 },
    );
    // A thousand long descriptions: seconds alone, and more on a busy machine.
  }, 60_000);

  it("keeps any quoted text exactly", async () => {
    const text = fc.string({ minLength: 1 }).filter((value) => !/["\n\r]/.test(value));
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { steps } = await generator.generateCase(`Type "x${value}" into Name and click "Go"`, context);
        expect(steps[0]?.commands[0]).toMatchObject({ action: "input", text: `x${value}` });
      }),
    );
  });

  it.each([
    ["quotation marks", '"a '],
    ["apostrophes", "'a "],
    ["opening quotation marks", "“a"],
    ["full stops", "."],
    ["spaces", " "],
    ["joints", "click a and "],
    ["elided verbs", "Type x and y into "],
    ["locators", "id=( "],
    ["hosts", "Open a."],
    ["numbers", "1. a 2. "],
    ["lines", "a\n"],
    ["checks", "Check that a shows "],
    ["lists", "- \n"],
    ["logins", "log in as a and "],
    ["windows", "Switch to the window titled a "],
    ["absences", "The a button is not shown and not "],
    ["states", "The a is be was now still "],
    ["titles", "the title of the page is now "],
    ["amounts", "there are 3 b c "],
    ["chords", "Press ctrl+"],
    ["drags", "drag a to b and drop "],
  ])(
    "is done soon with 20,000 characters of %s",
    async (_, part) => {
      const description = part.repeat(MAX_DESCRIPTION_LENGTH).slice(0, MAX_DESCRIPTION_LENGTH);
      await expect(
        generator.generateCase(description, context).then(
          () => "done",
          (error: unknown) => (error as AppError).code,
        ),
      ).resolves.toMatch(/^(?:done|invalid_description)$/);
    },
    20_000,
  );

  it("splits what would be more commands than a script may hold", async () => {
    const { steps } = await generator.generateCase("Click A. ".repeat(1_200), context);
    expect(steps.map(({ commands }) => commands.length)).toEqual([500, 500, 200]);
  });

  it("stops when the caller aborts", async () => {
    const signal = AbortSignal.abort();
    await expect(generator.generateCase("Click A.", { ...context, signal })).rejects.toThrow(/abort/i);
  });
});
